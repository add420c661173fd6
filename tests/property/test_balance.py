"""In + own = given + immaterial + unidentified + parked + repeated + retried, whatever comes in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.data.batch import Batch
from functions.data.intake.balance import Fate
from mos.errors import ConflictError, UnavailableError
from mos.identity.correction import merge, request, separate
from mos.memory.asker import FakeAsker
from mos.memory.bus import FakeBus
from mos.memory.table import FakeTable
from mos.model.signal import Actor, Signal, SignalKind
from mos.ports import Moment, Record, Save
from tests.builders import NOON, identifier, signal
from tests.property.worlds import NAMES, modest, policy, worlds

PEOPLE = st.sampled_from(NAMES).map(identifier)


class StormyTable(FakeTable):
    """Meets another writer, or no answer at all, at the writes whose numbers are drawn."""

    def __init__(self, troubles: dict[int, Exception]) -> None:
        super().__init__()
        self.writes, self.troubles = 0, troubles

    def save(self, record: Record) -> None:
        self._stumble()
        super().save(record)

    def transact(self, changes: list[Save], token: str) -> None:  # type: ignore[override]
        self._stumble()
        super().transact(changes, token)

    def _stumble(self) -> None:
        self.writes += 1
        if trouble := self.troubles.get(self.writes):
            raise trouble


@st.composite
def administrative(draw: st.DrawFn) -> Signal:
    one, other = draw(PEOPLE), draw(PEOPLE)
    now = NOON + timedelta(minutes=draw(st.integers(0, 200)))
    timer = signal(SignalKind.TIMER_DUE, ids=("group_id:grp_1",), key=f"timer{one.key}{now}",
                   source="scheduler")  # fmt: skip
    apart = separate((one,), (other,), (), {}, by="ops", now=now)
    asked = draw(st.sampled_from(["erase", "suppress_and_erase", "suppress"]))
    privacy = request([one], {"request": asked, "channel": "all"}, by="ops", now=now)
    return draw(st.sampled_from([timer, *apart, privacy, merge(one, other, {}, by="ops", now=now)]))


@st.composite
def refused(draw: st.DrawFn) -> Signal:
    key = f"refused{draw(st.integers(0, 9))}"
    forged = signal(SignalKind.MERGED, ids=NAMES[:2], key=key, source="segment")
    ancient = signal(key=key).model_copy(update={"occurred_at": datetime(1950, 1, 1, tzinfo=UTC)})
    nobody = signal(ids=("email:info@acme.example",), key=f"{key}nobody")
    return draw(st.sampled_from([forged, ancient, nobody]))


@st.composite
def clicks(draw: st.DrawFn) -> Signal:
    number = draw(st.integers(0, 5))
    return signal(
        SignalKind.EMAIL_CLICKED, ids=(draw(st.sampled_from(NAMES)),), key=f"click{number}",
        properties={"url": f"https://x.example/{number}", "message_id": "m1"},
        actor=draw(st.sampled_from([Actor.HUMAN, Actor.MACHINE])),
    )  # fmt: skip


@st.composite
def batches(draw: st.DrawFn) -> list[Signal]:
    made = draw(worlds(most=6))
    made += draw(st.lists(st.one_of(administrative(), refused(), clicks()), max_size=6))
    made += draw(st.lists(st.sampled_from(made), max_size=4))
    return draw(st.permutations(made))


troubles = st.dictionaries(
    st.integers(1, 12),
    st.sampled_from([ConflictError("identity"), UnavailableError("dynamodb")]),
    max_size=8,
)


@pytest.mark.slow
@modest(120)
@given(batches(), batches(), troubles)
def test_every_signal_that_comes_in_has_exactly_one_end(
    first: list[Signal], second: list[Signal], storms: dict[int, Exception]
) -> None:
    log, identities = FakeTable(), StormyTable(storms)
    for came_in in (first, second):
        parked: list[str] = []
        layer = Batch(
            signals=log, identities=identities, bus=FakeBus(), asker=FakeAsker(), bundle=policy(),
            coalesce_seconds=60, clock=lambda: NOON,
            park=lambda found, _, parked=parked: parked.extend(s.signal_id for s in found),
        )  # fmt: skip

        again = layer.run(came_in, Moment(NOON + timedelta(days=1)))

        books, counts = layer.balance, layer.counts
        assert counts.total() == len(came_in) + len(books.own)
        assert counts["repeated"] == len(came_in) - len({s.signal_id for s in came_in})
        assert counts["parked"] == len(set(parked))
        assert again == books.retried() & {s.signal_id for s in came_in}
        assert set(counts) <= {fate.value for fate in Fate}
        assert not books.unaccounted() | books.uncalled()
