"""One item that AWS turns away holds up its own signals, and nobody else's of the batch."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.data.intake.guard import set_apart
from mos.errors import UnavailableError
from mos.events import Event, ProfileUnified
from mos.identity.company import account_id, group_id
from mos.identity.identifier import person_id
from mos.memory.bus import FakeBus
from mos.memory.table import FakeTable, Key
from mos.model.signal import Signal, SignalKind
from mos.ports import Count, Record, Save
from tests.builders import NOON, identifier, signal
from tests.property.worlds import Unifier
from tests.rosters import members_of

HOT = "email:hot@acme.example"
PERSON = f"PERSON#{person_id(identifier('user_id:h'))}"
PLACES = {
    "user_id:h": "log",
    f"ID#{HOT}": "identity",
    "ID#user_id:h": "identity",
    PERSON: "identity",
    f"GROUP#{group_id(account_id('acme.example', ''), 'platform')}": "identity",
    f"ACCOUNT#{account_id('acme.example', '')}": "identity",
}


class HotTable(FakeTable):
    """A table that turns away whoever touches one partition, until it has cooled down."""

    def __init__(self, hot: str) -> None:
        super().__init__()
        self.hot: str | None = hot

    def _touch(self, *partitions: str) -> None:
        if self.hot in partitions:
            raise UnavailableError("dynamodb", "ThrottlingException")

    def get(self, pk: str, sk: str, *, consistent: bool = True) -> Record | None:
        self._touch(pk)
        return super().get(pk, sk, consistent=consistent)

    def get_many(self, keys: Sequence[Key], *, consistent: bool = True) -> dict[Key, Record]:
        self._touch(*(pk for pk, _ in keys))
        return super().get_many(keys, consistent=consistent)

    def query(
        self, pk: str, *, prefix: str = "", newest_first: bool = False, limit: int | None = None
    ) -> list[Record]:
        self._touch(pk)
        return super().query(pk, prefix=prefix, newest_first=newest_first, limit=limit)

    def save(self, record: Record) -> Record:
        self._touch(record.pk)
        return super().save(record)

    def count(self, change: Count) -> float:
        self._touch(change.pk)
        return super().count(change)

    def transact(self, changes: Sequence[Save | Count], token: str) -> None:
        self._touch(*(c.record.pk if isinstance(c, Save) else c.pk for c in changes))
        super().transact(changes, token)


def crowd() -> list[Signal]:
    """Return a hundred people's forms: one is hot, and one shares a device with that one."""
    forms = [
        signal(SignalKind.LEAD_SUBMITTED, minute=n, ids=(f"email:p{n}@co{n}.example",), key=str(n))
        for n in range(98)
    ]
    forms.insert(37, signal(SignalKind.LEAD_SUBMITTED, ids=(HOT, "user_id:h"), key="hot"))
    return [*forms, signal(minute=99, ids=("user_id:h",), key="follows")]


@pytest.mark.parametrize("place", list(PLACES), ids=range(len(PLACES)))
def test_only_what_touches_the_hot_item_comes_again(place: str) -> None:
    layer, cool = Unifier(), Unifier()
    table = HotTable(place)
    setattr(layer, PLACES[place], table)
    signals = crowd()
    own = {s.signal_id for s in signals if {"user_id:h", HOT} & {i.key for i in s.identifiers}}

    again = layer.run(signals)
    table.hot = None
    left = layer.run([s for s in signals if s.signal_id in again])

    cool.run(signals)
    assert again
    assert again <= own
    assert left == set()
    assert {i: p.canonical() for i, p in layer.people().items()} == {
        i: p.canonical() for i, p in cool.people().items()
    }
    assert members_of(layer.identity) == members_of(cool.identity)
    assert {e.event_id for e in layer.bus.events} == {e.event_id for e in cool.bus.events}


class FullBus(FakeBus):
    """A bus that takes ten events, and no more for now."""

    room = 10

    def publish(self, events: Sequence[Event]) -> None:
        if len(events) > self.room:
            raise UnavailableError("events", "refused")
        self.room -= len(events)
        super().publish(events)


def test_what_the_bus_refuses_is_said_again_by_its_own_signals_alone() -> None:
    layer = Unifier()
    layer.bus = FullBus()
    signals = crowd()

    again = layer.run(signals)
    said = {e.trace_id for e in layer.bus.events}
    layer.bus.room = 1_000
    left = layer.run([s for s in signals if s.signal_id in again])

    runs = [e.run_id for e in layer.bus.events if isinstance(e, ProfileUnified)]
    assert left == set()
    assert again
    assert not again & said
    assert len(runs) == len(set(runs)) == 99


@given(st.sets(st.integers(0, 99), max_size=3))
def test_however_many_are_hot_the_others_go_on(hot: set[int]) -> None:
    signals = [signal(minute=n, key=str(n)) for n in range(100)]

    made, held_up = set_apart(signals, work_but(hot, signals))

    assert [signals.index(s) for s in held_up] == sorted(hot) or len(hot) > 1
    assert {signals.index(s) for s in held_up} >= hot
    assert len(made) + len(held_up) == 100
    assert made == [s for s in signals if s not in held_up]


def test_a_store_that_is_down_is_not_asked_a_hundred_times() -> None:
    asked: list[int] = []

    def work(part: Sequence[Signal]) -> list[Signal]:
        asked.append(len(part))
        if part:
            raise UnavailableError("dynamodb", "down")
        return []

    made, held_up = set_apart([signal(minute=n, key=str(n)) for n in range(100)], work)

    assert (made, len(held_up)) == ([], 100)
    assert len(asked) <= 18


def work_but(hot: set[int], signals: list[Signal]) -> Callable[[Sequence[Signal]], list[Signal]]:
    """Return a work that cannot be done while one of these is among what it is given."""

    def work(part: Sequence[Signal]) -> list[Signal]:
        if any(signals.index(one) in hot for one in part):
            raise UnavailableError("dynamodb", "ThrottlingException")
        return list(part)

    return work


def test_a_moment_later_nothing_is_left_of_it() -> None:
    layer = Unifier()
    layer.identity = HotTable(PERSON)
    late = NOON + timedelta(hours=1)

    assert layer.run([signal(ids=(HOT, "user_id:h"), key="one")]) != set()
    layer.identity.hot = None

    assert layer.run([signal(ids=(HOT, "user_id:h"), key="one")], now=late) == set()
    assert [p.value_of("email") for p in layer.people().values()] == ["hot@acme.example"]
