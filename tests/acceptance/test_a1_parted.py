"""A.1.8: merge and unmerge are inverses, but for stops: ids, stages, clocks, histories."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mos.identity.identifier import person_id
from mos.identity.replay import Replay
from mos.model.consent import Purpose
from mos.model.profile import Profile
from mos.model.signal import Signal, SignalKind
from mos.model.stage import Placement
from tests.acceptance.conftest import Start
from tests.builders import NOON, grants, identifier, signal
from tests.property.worlds import DEVICES, modest
from tests.rosters import members_of
from tests.system_in_process import System

JANE, RAVI, ZOE = (f"email:{name}@acme.example" for name in ("jane", "ravi", "zoe"))
ACME = {"name": "Acme", "domain": "acme.example", "employees": 900, "industry": "fintech"}
NUMBER = "user_id:u-1"
KINDS = (
    SignalKind.PAGE, SignalKind.IDENTIFY, SignalKind.LEAD_SUBMITTED, SignalKind.MEETING_BOOKED,
)  # fmt: skip
LATER = {"apart", "undone", "last_signal_at", "last_signal_id", "suppressions", "foreign"}
"""What a merge and its undoing leave behind in a profile, and may."""


def met(start: Start | type[System] = System, senior: str = JANE) -> System:
    """Jane has raised her hand, Ravi has read a page; both are at Acme.

    One of them, the `senior`, has an account number: theirs is the id that survives a merge.
    """
    jane, ravi = ((name, NUMBER) if name == senior else (name,) for name in (JANE, RAVI))
    system = start()
    system.play(signal(SignalKind.IDENTIFY, ids=ravi, company=ACME))
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, minute=10, ids=jane, company=ACME,
               traits={"title": "VP Finance"}, consent=grants(Purpose.EMAIL_MARKETING))
    )  # fmt: skip
    system.play(signal(minute=20, ids=(RAVI,), properties={"path": "/security"}))
    system.now = NOON + timedelta(hours=1)
    return system


def bare(profile: Profile) -> dict[str, Any]:
    shown = profile.model_dump(mode="json", exclude_defaults=True)
    return {name: value for name, value in shown.items() if name not in LATER}


def standing_of(system: System, person: str) -> dict[str, Any]:
    """Return a person's stage and moves, with their clocks."""
    found = {}
    for record in system.tables["lifecycle"].query(f"SUBJECT#{person}"):
        if not record.sk.startswith("UNDONE"):
            held = Placement.parse(record.body)
            clocks = [(clock.name, clock.due_at) for clock in held.clocks]
            name = f"{record.sk.split('#')[0]} {held.since}"
            found[name] = (held.stage, held.since, held.previous, clocks)
    return found


def standing(system: System) -> dict[str, Any]:
    """Return what must be as it was: profiles, where each person stands and stood, members."""
    people = {name: system.profile(name) for name in (JANE, RAVI)}
    return {
        "profiles": {name: bare(profile) for name, profile in people.items()},
        "placed": {n: standing_of(system, p.profile_id) for n, p in people.items()},
        "members": members_of(system.tables["identity"]),
    }


def part(system: System, senior: str, leaves: str) -> None:
    named = (leaves, NUMBER) if leaves == senior else (leaves,)
    system.say("unmerge", subject=JANE, identifiers=named, reason="two people")


@pytest.mark.parametrize("leaves", [RAVI, JANE])
@pytest.mark.parametrize("senior", [RAVI, JANE])
@pytest.mark.parametrize("first", [JANE, RAVI])
def test_a1_08_after_merge_and_unmerge_both_are_as_they_were(
    start: Start, first: str, senior: str, leaves: str
) -> None:
    system = met(start, senior)
    before = standing(system)
    other = RAVI if first == JANE else JANE

    system.say("merge", left=first, right=other, reason="looks alike")
    assert system.profile(JANE).profile_id == system.profile(RAVI).profile_id
    system.wake(hours=2)
    part(system, senior, leaves)
    system.wake(hours=1)

    assert standing(system) == before


@pytest.mark.parametrize("leaves", [RAVI, JANE])
@pytest.mark.parametrize("senior", [RAVI, JANE])
def test_a1_08_what_was_concluded_of_the_two_as_one_is_history_no_more(
    start: Start, senior: str, leaves: str
) -> None:
    """A colleague's hand starts a run while they are one: Ravi's page and Jane's form together."""
    apart, merged = met(System, senior), met(start, senior)
    colleague = signal(SignalKind.LEAD_SUBMITTED, minute=130, ids=(ZOE,), company=ACME,
                       traits={"title": "CTO"})  # fmt: skip
    apart.play(colleague)
    apart.wake(hours=3)

    merged.say("merge", left=RAVI, right=JANE, reason="looks alike")
    merged.play(colleague)
    as_one = standing_of(merged, merged.profile(RAVI).profile_id)
    merged.wake(hours=1)
    part(merged, senior, leaves)
    merged.wake(hours=2)

    if senior == RAVI:
        assert any(stage == "mql" for stage, *_ in as_one.values())
    for name in (JANE, RAVI):
        person = apart.profile(name).profile_id
        assert merged.profile(name).profile_id == person
        assert standing_of(merged, person) == standing_of(apart, person)


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "in one batch"])
@pytest.mark.parametrize("leaves", [JANE, RAVI])
def test_a1_08_who_are_met_and_joined_in_one_batch_part_as_if_met_one_by_one(
    start: Start, leaves: str, *, together: bool
) -> None:
    system, first = start(), signal(ids=("anonymous_id:d1",))
    told = [signal(minute=1, ids=(JANE,)), signal(minute=2, ids=(RAVI,)),
            signal(minute=3, ids=(JANE, RAVI, "anonymous_id:d1"))]  # fmt: skip
    for batch in [[first], told] if together else [[one] for one in (first, *told)]:
        system.play(*batch)

    system.now = NOON + timedelta(hours=1)
    system.say("unmerge", subject=JANE, identifiers=(leaves,), reason="two people")

    ids = {name: person_id(identifier(name)) for name in (JANE, RAVI)}
    assert {name: system.profile(name).profile_id for name in ids} == ids
    again = Replay(system.store.active()).take(system.logged())
    assert {p for p in again.people() if p in ids.values()} == set(ids.values())
    assert all(system.profile(name).undone for name in ids)  # What was done as one is known.


def test_a1_08_a_stop_of_either_stays_on_both() -> None:
    system = met()
    system.play(signal(SignalKind.EMAIL_UNSUBSCRIBED, minute=40, ids=(RAVI,)))

    system.say("merge", left=JANE, right=RAVI, reason="looks alike")
    system.wake(hours=1)
    system.say("unmerge", subject=JANE, identifiers=(RAVI,))

    assert [s.reason for s in system.profile(JANE).suppressions] == ["unsubscribed"]
    assert [s.reason for s in system.profile(RAVI).suppressions] == ["unsubscribed"]


@st.composite
def stories(draw: st.DrawFn) -> list[Signal]:
    """Return signals of two people who share nothing."""
    ids = {0: (JANE, "user_id:u-jane", DEVICES[0]), 1: (RAVI, "hubspot_id:7", DEVICES[1])}
    made = []
    for number in range(draw(st.integers(2, 8))):
        own = ids[number if number < 2 else draw(st.integers(0, 1))]
        carried = (own[0], *draw(st.lists(st.sampled_from(own[1:]), max_size=2, unique=True)))
        kind = draw(st.sampled_from(KINDS))
        made.append(
            signal(kind, minute=number * 10, ids=carried, key=str(number), company=ACME,
                   traits=draw(st.sampled_from([{}, {"title": "CFO"}])),
                   consent=grants(Purpose.EMAIL_MARKETING, granted=draw(st.booleans())),
                   properties={"path": draw(st.sampled_from(["/pricing", "/blog"]))})
        )  # fmt: skip
    return made


@pytest.mark.slow
@modest(25)
@given(stories(), st.booleans(), st.booleans())
def test_merge_then_unmerge_is_nothing_but_stops(
    told: list[Signal],
    swapped: bool,  # noqa: FBT001  Hypothesis gives it
    leaves: bool,  # noqa: FBT001  as above
) -> None:
    system = System()
    for one in told:
        system.play(one)
    system.now = NOON + timedelta(hours=3)
    before = standing(system)
    held = {name: [i.key for i in system.profile(name).identifiers] for name in (JANE, RAVI)}

    left, right = (RAVI, JANE) if swapped else (JANE, RAVI)
    system.say("merge", left=left, right=right, reason="looks alike")
    system.wake(hours=1)
    system.say("unmerge", subject=JANE, identifiers=held[RAVI if leaves else JANE])
    system.wake(hours=1)

    assert standing(system) == before
