"""Whatever the order, the batches and the repetitions: profiles are folds over the log."""

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.data.intake.log import SignalLog
from mos.identity.fold import fold_all
from mos.identity.identifier import usable
from mos.model.consent import Purpose, most_restrictive
from mos.model.profile import Profile
from mos.model.signal import Signal, Trust
from tests.property.worlds import (
    DEVICES,
    NAMES,
    NOBODYS,
    Unifier,
    arrivals,
    modest,
    policy,
    unlimited,
    worlds,
)


def union_find(groups: Iterable[Sequence[str]]) -> set[frozenset[str]]:
    """Return the connected sets, the slow and obvious way."""
    sets: list[set[str]] = []
    for group in groups:
        touching = [s for s in sets if s & set(group)]
        sets = [s for s in sets if not s & set(group)] + [set(group).union(*touching)]
    return {frozenset(s) for s in sets}


def rebuilt(profile: Profile, layer: Unifier) -> Profile:
    start = Profile(profile_id=profile.profile_id, identifiers=profile.identifiers)
    log = SignalLog(layer.log).of(profile.identifiers, policy(), profile.log_keys)
    return fold_all(start, log, policy())


@pytest.mark.slow
@modest(40)
@given(worlds(names=DEVICES + NAMES + NOBODYS, trusts=tuple(Trust)).flatmap(arrivals))
def test_a_stored_profile_is_the_fold_of_its_log(batches: list[list[Signal]]) -> None:
    layer = Unifier().take(batches)

    for profile in layer.people().values():
        assert profile.canonical() == rebuilt(profile, layer).canonical()


@modest(20)
@given(worlds(names=DEVICES + NAMES + NOBODYS, trusts=tuple(Trust)).flatmap(arrivals))
def test_every_signal_is_told_of_exactly_one_person(batches: list[list[Signal]]) -> None:
    layer = Unifier().take(batches)

    parts = layer.partition()
    for batch in batches:
        for signal in batch:
            found = usable(signal, policy())
            assert sum(bool(found) and found[0].key in keys for keys in parts) == bool(found)
    stored = {frozenset(i.key for i in p.identifiers) for p in layer.people().values()}
    assert {keys for keys in parts if len(keys) > 1} <= stored <= parts


@pytest.mark.slow
@modest(20)
@given(worlds(names=NAMES).flatmap(lambda w: st.tuples(arrivals(w), arrivals(w))))
def test_names_partition_as_union_find_says_in_any_order(
    orders: tuple[list[list[Signal]], list[list[Signal]]],
) -> None:
    one, other = (Unifier(unlimited()).take(batches) for batches in orders)

    linked = [[i.key for i in s.identifiers] for batch in orders[0] for s in batch]
    assert one.partition() == union_find(linked)
    assert one.partition() == other.partition()


@modest(20)
@given(worlds(names=(*DEVICES, NAMES[0])).flatmap(lambda w: st.tuples(arrivals(w), arrivals(w))))
def test_the_devices_of_one_person_are_hers_in_any_order(
    orders: tuple[list[list[Signal]], list[list[Signal]]],
) -> None:
    one, other = (Unifier(unlimited()).take(batches) for batches in orders)

    linked = [[i.key for i in s.identifiers] for batch in orders[0] for s in batch]
    assert one.partition() == union_find(linked)
    assert one.partition() == other.partition()


@pytest.mark.slow
@modest(20)
@given(worlds(names=NAMES).flatmap(lambda w: st.tuples(arrivals(w), arrivals(w))))
def test_a_profile_has_the_same_content_in_any_order(
    orders: tuple[list[list[Signal]], list[list[Signal]]],
) -> None:
    stories = []
    for batches in orders:
        people = Unifier(unlimited()).take(batches).people().values()
        stories.append(
            sorted(p.model_copy(update={"profile_id": "", "account_id": None}).canonical()
                   for p in people)
        )  # fmt: skip

    assert stories[0] == stories[1]


@modest(20)
@given(worlds(names=(*DEVICES, *NAMES[:3])).flatmap(arrivals))
def test_two_known_people_are_one_only_where_a_name_says_so(batches: list[list[Signal]]) -> None:
    layer = Unifier().take(batches)

    named = [[i.key for i in s.identifiers if i.type != "anonymous_id"] for b in batches for s in b]
    said = union_find(keys for keys in named if keys)
    for keys in layer.partition():
        names = frozenset(k for k in keys if not k.startswith("anonymous_id"))
        assert not names or names in said


@modest(20)
@given(worlds(names=DEVICES + NAMES + NOBODYS, trusts=tuple(Trust)).flatmap(arrivals))
def test_every_signal_of_a_batch_has_one_fate(batches: list[list[Signal]]) -> None:
    layer = Unifier()

    for batch in batches:
        failed = layer.run(batch)
        assert layer.last is not None
        counts = layer.last.counts
        assert failed == set()
        assert sum(counts.values()) == len(batch)
        assert set(counts) <= {"given", "immaterial", "unidentified", "parked", "repeated"}


@modest(20)
@given(worlds(), st.sampled_from(list(Purpose)))
def test_most_restrictive_is_blind_to_order(signals: list[Signal], purpose: Purpose) -> None:
    states = tuple(
        state
        for profile in Unifier().take([[s] for s in signals]).people().values()
        for state in profile.consents
    )

    merged = most_restrictive(states)

    assert merged == most_restrictive(states[::-1])
    denied = any(s.purpose is purpose and not s.granted for s in states)
    assert not (denied and any(s.purpose is purpose and s.granted for s in merged))
