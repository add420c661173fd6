"""A burst is one run; what is saved after a window has closed gets a run of its own."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.data.runs.window import find_window_end, place_of
from mos.events import ProfileUnified
from mos.model.signal import Signal, SignalKind
from mos.ports import Moment
from tests.builders import NOON, signal
from tests.system_in_process import System


def colleagues() -> list[Signal]:
    return [
        signal(SignalKind.LEAD_SUBMITTED, minute=i, ids=(f"email:{name}@acme.example",))
        for i, name in enumerate(("ann", "bob"))
    ]


def runs(system: System, clock: Iterator[datetime]) -> list[str]:
    batch = replace(system.batch(), clock=lambda: next(clock))
    assert batch.run(colleagues(), Moment(NOON)) == set()
    return [event.run_id for event in batch.said if isinstance(event, ProfileUnified)]


def test_two_colleagues_within_a_window_are_one_run() -> None:
    clock = iter([NOON, NOON + timedelta(seconds=5)])

    assert len(runs(System(), clock)) == 1


def test_a_colleague_saved_after_the_window_has_closed_is_not_lost_to_it() -> None:
    clock = iter([NOON, NOON + timedelta(seconds=65)])

    found = runs(System(), clock)

    assert len(found) == len(set(found)) == 2


def test_the_windows_of_many_groups_close_all_over_a_minute() -> None:
    ends = [find_window_end(NOON, 60, place_of(f"grp_{n}")) for n in range(10_000)]

    seconds = Counter(int((end - NOON).total_seconds()) for end in ends)

    assert set(range(2, 60)) <= set(seconds) <= set(range(62))
    assert max(seconds.values()) < 10_000 / 60 * 1.5


@given(
    group=st.text(max_size=40),
    span=st.sampled_from([1, 2, 7, 45, 60, 240, 86_400]),
    offset=st.floats(0, 200_000),
)
def test_a_window_is_as_long_as_it_is_said_and_closes_after_what_is_in_it(
    group: str, span: int, offset: float
) -> None:
    now, place = NOON + timedelta(seconds=offset), place_of(group)

    end = find_window_end(now, span, place)

    assert timedelta(0) < end - now <= timedelta(seconds=span + 1.001)
    assert find_window_end(end - timedelta(seconds=1.001), span, place) == end
    following = find_window_end(end - timedelta(seconds=0.999), span, place)
    assert abs((following - end).total_seconds() - span) < 0.001


def test_where_windows_are_spread_two_companies_close_theirs_apart() -> None:
    batch = replace(System().batch(), clock=lambda: NOON, spreads=True)
    signals = [
        signal(SignalKind.LEAD_SUBMITTED, minute=0, ids=(f"email:ann@{name}.example",))
        for name in ("acme", "globex", "initech")
    ]

    assert batch.run(signals, Moment(NOON)) == set()

    ends = {event.run_at for event in batch.said if isinstance(event, ProfileUnified)}
    assert len(ends) == 3
