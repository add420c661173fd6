"""Whatever anybody sends with the key of a page: it takes away, and never gives."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from mos.model.consent import ConsentGrant, Purpose
from mos.model.profile import Profile
from mos.model.signal import Signal, SignalKind, Trust
from mos.policy.facts import person_facts
from tests.builders import NOON, signal
from tests.property.worlds import NAMES, Unifier, arrivals, modest, worlds

OWN_DEVICES = ("anonymous_id:evil1", "anonymous_id:evil2")
OTHER_NAMES = ("email:mallory@evil.example", "user_id:u3", "salesforce_id:003")
KINDS = (
    SignalKind.IDENTIFY, SignalKind.PAGE, SignalKind.TRACK, SignalKind.GROUP, SignalKind.ALIAS,
    SignalKind.CONSENT_CHANGED,
)  # fmt: skip


@st.composite
def strangers(draw: st.DrawFn) -> list[Signal]:
    """Return what somebody sends who has read the key in a page, from devices of their own."""
    return [
        signal(
            draw(st.sampled_from(KINDS)),
            minute=draw(st.integers(0, 12)) * 15,
            ids=(
                draw(st.sampled_from(OWN_DEVICES)),
                *draw(st.lists(st.sampled_from(NAMES + OTHER_NAMES), max_size=3, unique=True)),
            ),
            key=f"stranger {number}",
            traits={"title": "CEO", "country": "US"},
            company={"domain": "evil.example", "name": "Evil", "employees": 9},
            consent=tuple(
                ConsentGrant(purpose=p, granted=draw(st.booleans())) for p in Purpose
            ),
            trust=Trust.UNSIGNED,
        )
        for number in range(draw(st.integers(1, 4)))
    ]  # fmt: skip


def known(layer: Unifier) -> dict[frozenset[str], Profile]:
    """Return the people whom a signed word has named, by the names that they hold."""
    found = {}
    for profile in layer.people().values():
        names = frozenset(
            i.key for i in profile.identifiers if i.type != "anonymous_id" and not i.is_anybodys
        )
        if names:
            found[names] = profile
    return found


@modest(60)
@given(worlds(names=NAMES).flatmap(
    lambda signed: st.tuples(
        st.just(signed), strangers().flatmap(lambda found: arrivals([*signed, *found]))
    )
))  # fmt: skip
def test_strangers_take_away_and_never_give(
    told: tuple[Sequence[Signal], list[list[Signal]]],
) -> None:
    signed, batches = told
    order = list(dict.fromkeys(s.signal_id for b in batches for s in b))
    by_id = {s.signal_id: s for s in signed}

    alone = known(Unifier().take([[by_id[i]] for i in order if i in by_id]))
    among = known(Unifier().take(batches))

    assert set(alone) == set(among)
    for names, before in alone.items():
        after = among[names]
        granted = {p for p in Purpose if after.allows(p)}
        assert granted <= {p for p in Purpose if before.allows(p)}
        assert after.mailbox() in {before.mailbox(), None} or not granted
        assert {n: t for n, t in after.traits.items() if not t.is_anybodys} == before.traits
        if "company_domain" in before.traits or "email:jane@acme.example" in names:
            assert after.account_id == before.account_id


@modest(40)
@given(strangers().flatmap(arrivals))
def test_nobody_becomes_mailable_by_strangers_alone(batches: list[list[Signal]]) -> None:
    layer = Unifier().take(batches)

    for profile in layer.people().values():
        assert not any(profile.allows(p) for p in Purpose)
        assert profile.mailbox() is None
        assert {i.type for i in profile.identifiers} <= {"anonymous_id", "email"}
        assert sum(i.type == "email" for i in profile.identifiers) <= 1
        assert person_facts(profile, NOON, 14)["person.reachable_by_email"] is False
