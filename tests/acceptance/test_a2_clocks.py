"""A.2.14 and A.2.19: promises, how long it takes, and silence that is heard."""

import pytest

from mos.events import DealStalled, SignalReceived, SlaChanged
from mos.model.deal import DealState
from mos.model.signal import SignalKind
from mos.model.stage import ClockStatus
from tests.acceptance.theatre import Theatre, facts_of, group_id, hot, later, person
from tests.builders import NOON

pytestmark = pytest.mark.usefixtures("ground")


def mql() -> Theatre:
    theatre = Theatre(employees=900)
    hot(theatre)
    theatre.run()
    return theatre


def test_a2_14_an_mql_is_due_for_its_first_touch_within_five_minutes() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)

    said = theatre.run()

    [clock] = person(said, "per_jane").clocks
    assert (clock.name, clock.status, clock.due_at) == (
        "first_touch", ClockStatus.DUE, later(minutes=5),
    )  # fmt: skip
    assert facts_of(said, "per_jane")["person.sla"] == "due"
    [due] = theatre.noted(SlaChanged)
    assert (due.subject_id, due.clock.status) == ("per_jane", ClockStatus.DUE)


def test_a2_14_a_touch_in_time_keeps_the_promise() -> None:
    theatre = mql()
    theatre.does("per_jane", "email_sent", later(minutes=3))

    said = theatre.run(later(minutes=4))

    assert facts_of(said, "per_jane")["person.sla"] == "met"
    assert theatre.noted(SlaChanged)[-1].clock.ended_at == later(minutes=3)


def test_a2_14_the_timer_tells_of_a_broken_promise_without_any_signal() -> None:
    theatre = mql()

    fired = theatre.wake(later(minutes=5))

    breached = theatre.noted(SlaChanged)[-1]
    assert fired == ["sla:first_touch"]
    assert (breached.clock.status, breached.stage) == (ClockStatus.BREACHED, "mql")
    said = theatre.run(later(minutes=6))
    assert facts_of(said, "per_jane")["person.sla_breached"]
    assert said.group_facts["group.people_sla_breached"] == 1


def test_a2_14_a_broken_promise_is_told_once_and_a_late_touch_does_not_mend_it() -> None:
    theatre = mql()
    theatre.wake(later(minutes=5))
    theatre.does("per_jane", "email_sent", later(minutes=30))

    said = theatre.run(later(minutes=31))

    [clock] = person(said, "per_jane").clocks
    assert (clock.status, clock.ended_at) == (ClockStatus.BREACHED, later(minutes=30))
    told = [n.clock.status for n in theatre.noted(SlaChanged)]
    assert told == [ClockStatus.DUE, ClockStatus.BREACHED]


def test_a2_14_entered_at_dwell_and_velocity_are_facts() -> None:
    theatre = mql()
    theatre.does("per_jane", "meeting_booked", later(days=2))

    said = theatre.run(later(days=2))
    facts = facts_of(theatre.run(later(days=5)), "per_jane")

    sql = person(said, "per_jane")
    assert (sql.since, sql.previous, sql.previous_since) == (later(days=2), "mql", NOON)
    assert (facts["person.days_in_stage"], facts["person.days_to_stage"]) == (3, 2)
    assert sql.clocks[0].status is ClockStatus.BREACHED  # moved on, but after five minutes


def test_a2_14_a_timer_is_a_signal_about_the_group_with_a_name_of_its_cause() -> None:
    theatre = mql()
    before = dict(theatre.timers.running)

    theatre.run(later(minutes=1))

    assert theatre.timers.running == before
    [timer] = [t for t in before.values() if t.at == later(minutes=5)]
    signal = SignalReceived.parse(timer.body).signal
    assert (signal.kind, signal.source) == (SignalKind.TIMER_DUE, "scheduler")
    assert [(i.type, i.value) for i in signal.identifiers] == [("group_id", group_id("platform"))]
    assert signal.occurred_at == signal.received_at == timer.at


def in_pipeline() -> Theatre:
    theatre = mql()
    theatre.deal(DealState.OPEN, later(days=1))
    theatre.does("per_jane", "page", later(days=1))
    theatre.run(later(days=1))
    return theatre


def test_a2_19_a_group_accelerates_when_its_last_days_outdo_its_month() -> None:
    assert mql().run(later(hours=1)).group_facts["group.momentum"] == "accelerating"


def test_a2_19_an_open_deal_without_a_word_for_ten_days_has_stalled() -> None:
    theatre = in_pipeline()

    for day in (8, 15):
        theatre.wake(later(days=day))

    [stalled] = theatre.noted(DealStalled)
    assert stalled.momentum == "stalled"
    said = theatre.run(later(days=15, hours=1))
    assert said.group_facts["group.deal_stalled"]
    assert said.group.momentum == "stalled"


def test_a2_19_three_weeks_of_silence_and_the_group_is_set_back_until_it_talks() -> None:
    theatre = in_pipeline()
    for day in (8, 15, 22, 29):
        theatre.wake(later(days=day))
    dark = theatre.run(later(days=29, hours=1)).group
    theatre.does("per_jane", "email_replied", later(days=30))

    back = theatre.run(later(days=30)).group

    assert (dark.stage, dark.reason, dark.momentum) == ("stalled", "gone_dark", "going_dark")
    assert (back.stage, back.previous, back.reason) == ("pipeline", "stalled", "active_again")


def test_a2_19_the_thresholds_are_rows_of_the_bundle() -> None:
    theatre = in_pipeline()

    said = theatre.run(later(days=2))

    assert said.group_facts["group.pace"] > 1.5
    assert theatre.store.active().table("lifecycle/momentum").table.rows[0].cells == {
        "group.days_quiet": ">= 21"
    }
