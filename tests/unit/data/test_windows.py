"""A burst is one run; what is saved after a window has closed gets a run of its own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

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
