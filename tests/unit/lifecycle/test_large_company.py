"""A company with more people than one run looks at, and people who type more than anybody reads."""

import json
from datetime import timedelta

import pytest

from functions.lifecycle.state_size import MOST_BYTES
from mos.events import ActionDecided, ActionsPermitted, Event, SubjectPlaced
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.ports import Record
from tests.acceptance.theatre import Theatre, person
from tests.builders import NOON, signal
from tests.property.worlds import policy
from tests.system_in_process import System

LONG = "🦄" * 6_000
"""Twelve bytes a letter once they are written out: more than any title is long."""


def with_most(**numbers: int) -> Bundle:
    """Return the starter bundle with other bounds."""
    page = "parameters/groups.toml"
    text = policy().text(page)
    for name, number in numbers.items():
        head, _, rest = text.partition(f"[{name}]\nvalue = ")
        text = f"{head}[{name}]\nvalue = {number}\n{rest.partition(chr(10))[2]}"
    return Bundle(policy().files | {page: text.encode()})


def company(size: int) -> Theatre:
    """Return a company whose people have read one page each, in the order in which they came."""
    theatre = Theatre(with_most(most_people=50, most_members=25), employees=20_000)
    for n in range(size):
        at = NOON + timedelta(minutes=n)
        theatre.join(f"per_{n:03}", at=at, title="VP Finance")
        theatre.does(f"per_{n:03}", "page", at)
    return theatre


def test_whom_a_run_is_about_is_placed_though_five_hundred_came_first() -> None:
    theatre = company(60)

    said = theatre.run(NOON + timedelta(hours=2), who="per_059")

    assert person(said, "per_059").stage
    assert len(said.people) == 25
    assert said.group_facts["group.members"] == 50
    assert said.group_facts["group.members_left_out"] == 10
    assert said.group_facts["account.people_left_out"] == 10


def test_then_the_most_engaged_come_whenever_they_joined() -> None:
    theatre = company(60)
    for name in ("per_055", "per_057"):
        theatre.does(name, "meeting_booked", NOON + timedelta(hours=1))
        theatre.rank(name)

    said = theatre.run(NOON + timedelta(hours=2), who="per_059")

    assert {"per_055", "per_057", "per_059"} <= {p.subject_id for p in said.people}


def test_a_company_that_fits_says_nothing_of_a_bound() -> None:
    said = company(20).run(NOON + timedelta(hours=2), who="per_019")

    assert not [name for name in said.group_facts if name.endswith("left_out")]


def test_who_has_become_one_with_somebody_is_placed_under_the_id_that_they_have_now() -> None:
    theatre = company(60)
    theatre.run(NOON + timedelta(hours=2), who="per_059")
    theatre.identity.save(
        Record("PERSON#per_gone", "PROFILE", tags={"redirect": "per_058", "cause": "sig_1"})
    )

    said = theatre.run(NOON + timedelta(hours=3), who="per_gone")

    assert person(said, "per_058").stage


def test_a_group_from_before_is_placed_like_any() -> None:
    theatre = company(60)
    new = theatre.run(NOON + timedelta(hours=2), who="per_059")
    old = company(60)
    old.whole = True

    said = old.run(NOON + timedelta(hours=2), who="per_059")

    assert person(said, "per_059") == person(new, "per_059")
    assert said.group_facts["group.members_left_out"] == 10


def talker(number: int) -> Signal:
    """Return a form in which every field is as long as one person's profile holds."""
    said = dict.fromkeys(
        ("title", "country", "region", "language", "timezone", "seniority", "lead_status",
         "lifecycle_stage", "first_name", "last_name"), LONG[:1_000],
    )  # fmt: skip
    about = {"domain": "acme.example", "employees": 10**300, "name": LONG, "industry": LONG,
             "country": LONG, "plan": LONG, "region": LONG, "lifecycle_stage": LONG}  # fmt: skip
    return signal(
        SignalKind.LEAD_SUBMITTED, minute=number / 10, ids=(f"email:p{number}@acme.example",),
        key=str(number), traits=said, company=about if number == 0 else {"domain": "acme.example"},
        properties={"deal_id": LONG[:400], "path": "/pricing", "message": LONG},
    )  # fmt: skip


def deal() -> Signal:
    said = {"deal_id": "1", "deal_stage": LONG, "amount": 10**200, "solution": "platform"}
    return signal(SignalKind.DEAL_CHANGED, minute=6, ids=("email:p1@acme.example",), key="deal",
                  company={"domain": "acme.example"}, properties=said)  # fmt: skip


@pytest.mark.slow
def test_whatever_people_type_a_run_stays_under_what_may_be_carried() -> None:
    system = System(with_most(most_members=40))
    system.play(*(talker(n) for n in range(45)), deal())

    run = system.history[-1]

    sizes = {type(event).__name__: size_of(event) for event in run}
    assert {SubjectPlaced.__name__, ActionsPermitted.__name__, ActionDecided.__name__} <= set(sizes)
    assert max(sizes.values()) < MOST_BYTES, sizes
    placed = next(event for event in run if isinstance(event, SubjectPlaced))
    assert len(placed.people) >= 5


@pytest.mark.slow
def test_forty_people_who_type_what_people_type_all_fit() -> None:
    system = System(with_most(most_members=40))
    system.play(*(
        signal(SignalKind.LEAD_SUBMITTED, minute=n / 10, ids=(f"email:p{n}@acme.example",),
               key=str(n), traits={"title": "Vice President of Finance and Operations",
                                   "country": "Germany", "language": "de"},
               company={"domain": "acme.example", "employees": 20_000, "industry": "fintech"})
        for n in range(45)
    ))  # fmt: skip

    placed = next(e for e in system.history[-1] if isinstance(e, SubjectPlaced))

    assert len(placed.people) == 40
    assert max(map(size_of, system.history[-1])) < MOST_BYTES


def size_of(event: Event) -> int:
    """Return how many bytes an event takes, with every letter beyond ASCII written out."""
    return len(json.dumps(json.loads(event.canonical())))
