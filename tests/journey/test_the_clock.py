"""Time passes and nobody says anything: timers come in at the door, and stages hear them."""

from mos.events import DealStalled, SlaChanged, SubjectPlaced
from mos.model.signal import SignalKind
from mos.model.stage import ClockStatus, Level
from tests.builders import signal
from tests.journey.test_the_path import FINTECH, browsing, jane
from tests.system_in_process import System


def placed(system: System, run: int = -1) -> SubjectPlaced:
    event = system.history[run][1]
    assert isinstance(event, SubjectPlaced)
    return event


def test_five_minutes_without_a_touch_break_the_promise_through_the_front_door() -> None:
    system = System()
    system.play(*browsing(4), jane())
    assert [p.stage for p in placed(system).people] == ["mql"]
    before = len(system.history)

    # It is six in the morning in Austin: the promise runs from eight.
    system.wake(minutes=6)
    asleep = len(system.history)
    system.wake(hours=2)

    assert asleep == before
    [run] = system.history[before:]
    changes = [n.clock.status for n in system.notes.events if isinstance(n, SlaChanged)]
    assert run[0].why == "sla:first_touch"  # type: ignore[attr-defined]
    assert changes == [ClockStatus.DUE, ClockStatus.BREACHED]
    why = system.ask("why", subject="jane@acmepay.example").text
    assert "promise first_touch: breached" in why


def test_a_deal_that_falls_silent_is_told_and_its_group_set_back() -> None:
    system = System()
    system.play(*browsing(4), jane())
    deal = signal(
        SignalKind.DEAL_CHANGED,
        minute=60,
        ids=("email:jane@acmepay.example",),
        company=FINTECH,
        properties={"deal_id": "d1", "deal_stage": "contractsent"},
    )
    system.play(deal)
    assert placed(system).group.stage == "pipeline"

    system.wake(days=40)

    stalled = [n for n in system.notes.events if isinstance(n, DealStalled)]
    assert [n.momentum for n in stalled] == ["stalled"]
    assert (placed(system).group.stage, placed(system).group.reason) == ("stalled", "gone_dark")


def test_silence_comes_to_an_end_and_does_not_ring_for_ever() -> None:
    system = System()
    system.play(*browsing(4), jane())

    system.wake(days=400)

    stages = {p.level: p.stage for p in (placed(system).account, placed(system).group)}
    assert stages == {Level.ACCOUNT: "recycled", Level.GROUP: "recycled"}
    assert len(system.history) < 60
    assert len(system.timers.running) <= 2
