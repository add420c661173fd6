"""Row A.5.16: the archive of the bus played again, whole and in any order, touches nobody."""

import pytest

from mos.events import (
    ActionDecided,
    ActionsPermitted,
    Event,
    ProfileUnified,
    SubjectPlaced,
)
from mos.model.base import point
from mos.model.consent import Purpose
from mos.model.signal import Signal, SignalKind
from mos.ports import Moment
from tests.acceptance.test_a3_10_broken_promise import bob
from tests.builders import NOON, grants, signal
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

STEPS: dict[type[Event], str] = {
    SubjectPlaced: "policy", ActionsPermitted: "decisioning", ActionDecided: "action",
}  # fmt: skip


class Archived(System):
    """A system whose bus is archived: every event that anybody has published."""

    def __init__(self) -> None:
        super().__init__()
        self.archive: list[Event] = []

    def drain(self) -> list[Event]:
        found = super().drain()
        self.archive += found
        return found


def small(name: str, minute: float, *purposes: Purpose) -> Signal:
    return signal(
        SignalKind.LEAD_SUBMITTED, minute=minute, ids=(f"email:{name}@{name}.example",), key=name,
        company={"name": name.title(), "domain": f"{name}.example", "employees": 3,
                 "country": "US"},
        traits={"first_name": name.title()}, consent=grants(*purposes),
    )  # fmt: skip


def lived() -> Archived:
    """A day on which mails, tasks and audiences left, a promise broke and somebody said no."""
    system = Archived()
    signals = [
        *browsing(4),
        jane(),
        small("kiosk", 6, Purpose.ADVERTISING),
        small("tiny", 7, Purpose.EMAIL_MARKETING),
        bob(),
    ]
    for one in signals:
        system.play(one)
    system.wake(hours=10)
    system.play(
        signal(SignalKind.CONSENT_CHANGED, minute=700, ids=("email:kiosk@kiosk.example",),
               key="no", consent=grants(Purpose.ADVERTISING, granted=False))
    )  # fmt: skip
    system.given = signals  # type: ignore[attr-defined]  what came in at the door
    return system


def play_again(system: Archived, event: Event, at: Moment) -> None:
    """Give an event to whoever takes it, as a replay of the archive does."""
    if isinstance(event, ProfileUnified):
        system.run_workflow(event, at)
    elif layer := STEPS.get(type(event)):
        system.step(layer, event, at)
    else:
        system.hear([event], at.now)


@pytest.mark.parametrize("order", ["as it was", "backwards", "shuffled"])
def test_a5_16_the_archive_replayed_whole_sends_nothing(order: str) -> None:
    system = lived()
    kinds = {call.provider for call in system.wire.calls}
    before = len(system.wire.calls)
    events = [*system.archive, *system.notes.events, *(e for run in system.history for e in run)]
    if order == "backwards":
        events.reverse()
    elif order == "shuffled":
        events.sort(key=lambda event: point("shuffled", event.event_id))

    for event in events:
        play_again(system, event, Moment(system.now, "replay"))
    for one in system.given:  # type: ignore[attr-defined]  as above
        system.play(one)

    assert kinds == {"ses", "hubspot", "meta"}
    assert before >= len(kinds)
    assert len(system.wire.calls) == before
    assert system.now >= NOON
