"""A.2.12 and A.2.20: back only as declared, with reason, end and re-entry; and no flapping."""

from datetime import datetime

import pytest

from mos.events import SubjectPlaced
from mos.model.deal import DealState
from mos.model.stage import Placement
from tests.acceptance.theatre import Theatre, facts_of, hot, later, person

pytestmark = pytest.mark.usefixtures("ground")


def mql() -> Theatre:
    theatre = Theatre(employees=900)
    hot(theatre)
    assert person(theatre.run(), "per_jane").stage == "mql"
    return theatre


def jane(said: SubjectPlaced) -> Placement:
    return person(said, "per_jane")


def test_a2_12_what_sales_hands_back_is_recycled_with_reason_and_timer() -> None:
    theatre = mql()
    theatre.does("per_jane", "task_rejected", later(hours=2))

    placed = jane(theatre.run(later(hours=3)))

    assert (placed.stage, placed.previous, placed.reason) == (
        "recycled", "mql", "rejected_by_sales",
    )  # fmt: skip
    assert placed.until == later(days=60, hours=3)
    assert placed.receipt.table == "lifecycle/recycle"
    assert placed.receipt.conditions["subject.since_entered"] == "task_rejected"
    assert ("until", placed.until) in [(w.name, w.at) for w in placed.wakes]


def test_a2_12_reading_on_does_not_end_the_wait_but_raising_a_hand_does() -> None:
    theatre = mql()
    theatre.does("per_jane", "task_rejected", later(hours=2))
    theatre.run(later(hours=3))
    theatre.does("per_jane", "page", later(days=1))
    waiting = jane(theatre.run(later(days=1)))
    theatre.does("per_jane", "meeting_booked", later(days=2))

    back = jane(theatre.run(later(days=2, minutes=1)))

    assert waiting.stage == "recycled"
    assert waiting.held_by is not None
    assert (waiting.held_by.stage, waiting.held_by.by) == ("mql", "recycled")
    assert (back.stage, back.reason) == ("sql", "raised_a_hand")


def test_a2_12_the_timer_itself_brings_back_whoever_is_interested_again() -> None:
    theatre = mql()
    theatre.does("per_jane", "task_rejected", later(hours=2))
    theatre.run(later(hours=3))
    theatre.does("per_jane", "page", later(days=59), points=80)
    theatre.run(later(days=59))

    fired = theatre.wake(later(days=61))

    assert "until" in fired
    history = theatre.lifecycle.query("SUBJECT#per_jane", prefix="HISTORY@", newest_first=True)
    last = Placement.parse(history[0].body)
    assert (last.stage, last.reason) == ("mql", "engaged_after_the_wait")


def test_a2_12_disqualified_has_a_reason_and_an_expiry_and_ends_with_its_cause() -> None:
    theatre = mql()
    theatre.says("per_jane", later(days=1), lead_status="UNQUALIFIED")
    out = jane(theatre.run(later(days=1)))
    still = jane(theatre.run(later(days=100)))

    back = jane(theatre.run(later(days=182)))

    assert (out.stage, out.reason) == ("disqualified", "sales_says_unqualified")
    assert out.until == later(days=181)
    assert still.stage == "disqualified"
    assert (back.stage, back.reason) == ("lead", "no_longer_barred")


def test_a2_12_a_competitor_is_disqualified_however_much_it_reads() -> None:
    theatre = Theatre(domain="competitor.example", employees=900)
    hot(theatre)

    account = theatre.run().account

    assert (account.stage, account.reason) == ("disqualified", "competitor")
    assert account.until == later(days=365)


def test_a2_12_a_bar_that_still_holds_at_its_end_begins_anew() -> None:
    theatre = Theatre(domain="competitor.example", employees=900)
    hot(theatre)
    theatre.run()

    still = theatre.run(later(days=366)).account

    assert (still.stage, still.moved) == ("disqualified", False)
    assert still.until == later(days=731)


def test_a2_12_a_correction_lifts_what_would_not_have_been_set_back() -> None:
    theatre = mql()
    theatre.does("per_jane", "task_rejected", later(hours=2))
    rejected = theatre.people["per_jane"]
    theatre.run(later(hours=3))
    stays = jane(theatre.run(later(hours=4), correction="a late signal"))
    theatre.people["per_jane"] = rejected.model_copy(
        update={"last": {k: v for k, v in rejected.last.items() if k != "task_rejected"}}
    )

    lifted = jane(theatre.run(later(hours=5), correction="it was somebody else's"))

    assert stays.stage == "recycled"
    assert (lifted.stage, lifted.reason) == ("mql", "it was somebody else's")


def test_a2_12_an_account_churns_only_when_the_contract_ends_and_returns_by_a_new_deal() -> None:
    theatre = mql()
    theatre.deal(DealState.WON, later(hours=1))
    assert theatre.run(later(hours=2)).account.stage == "customer"
    said = {"lifecycle_stage": theatre.people["per_jane"].traits["title"]}
    said["lifecycle_stage"] = said["lifecycle_stage"].model_copy(update={"value": "Churned"})
    theatre.account = theatre.account.model_copy(update={"traits": theatre.account.traits | said})

    left = theatre.run(later(days=30)).account
    theatre.account = theatre.account.model_copy(
        update={"traits": {"employees": theatre.account.traits["employees"]}}
    )
    theatre.deal(DealState.WON, later(days=60))
    back = theatre.run(later(days=61)).account

    assert (left.stage, left.reason) == ("churned", "contract_ended")
    assert (back.stage, back.reason) == ("customer", "bought_again")


def test_a2_12_a_lost_deal_closes_the_group_recycles_its_people_and_may_be_won_anew() -> None:
    theatre = mql()
    theatre.deal(DealState.OPEN, later(days=1))
    theatre.run(later(days=1))
    theatre.deal(DealState.LOST, later(days=9))
    lost = theatre.run(later(days=9, minutes=1))
    theatre.run(later(days=100))
    theatre.deal(DealState.OPEN, later(days=200))

    again = theatre.run(later(days=200, minutes=1))

    assert (lost.account.stage, lost.group.stage) == ("recycled", "closed_lost")
    assert (jane(lost).stage, jane(lost).reason) == ("recycled", "deal_lost")
    assert (again.group.stage, again.group.previous) == ("pipeline", "recycled")
    assert jane(again).stage == "opportunity"


def test_a2_12_nothing_else_moves_backwards() -> None:
    theatre = mql()

    cold = theatre.run(later(days=40))

    assert cold.group_facts["group.engagement"] < 40
    assert (cold.account.stage, cold.group.stage, jane(cold).stage) == (
        "engaged", "prioritized", "mql",
    )  # fmt: skip


def test_a2_12_a_correcting_run_derives_the_stages_anew() -> None:
    theatre = mql()
    theatre.people["per_jane"] = theatre.people["per_jane"].model_copy(
        update={"engagement": 0.0, "counts": {}, "last": {}}
    )

    kept = theatre.run(later(hours=1))
    corrected = theatre.run(later(hours=2), correction="the clicks were a scanner's")

    assert jane(kept).stage == "mql"
    assert (jane(corrected).stage, corrected.account.stage) == ("subscriber", "qualified")
    assert jane(corrected).reason == "the clicks were a scanner's"


def toggle(theatre: Theatre, at: datetime, *, handed_back: bool) -> Placement:
    """Have sales hand a person back, or the person raise a hand without a meeting."""
    theatre.does("per_jane", "task_rejected" if handed_back else "lead_submitted", at)
    return jane(theatre.run(at))


def test_a2_20_a_stage_flaps_once_a_day_and_no_more() -> None:
    theatre = mql()
    first = [toggle(theatre, later(hours=h), handed_back=h % 2 == 1) for h in (1, 2)]

    held = toggle(theatre, later(hours=3), handed_back=True)

    assert [p.stage for p in first] == ["recycled", "mql"]
    assert held.stage == "mql"
    assert held.held_by is not None
    assert (held.held_by.stage, held.held_by.by) == ("recycled", "hysteresis")
    assert held.held_by.until == later(hours=26)
    assert "held:hysteresis" in held.news


def test_a2_20_what_was_held_back_happens_when_the_day_is_over() -> None:
    theatre = mql()
    for hour in (1, 2, 3):
        toggle(theatre, later(hours=hour), handed_back=hour % 2 == 1)

    fired = theatre.wake(later(hours=26))

    assert "hold" in fired
    assert jane(theatre.run(later(hours=27))).stage == "recycled"


def test_a2_20_a_booked_meeting_is_no_noise() -> None:
    theatre = mql()
    for hour in (1, 2, 3):
        toggle(theatre, later(hours=hour), handed_back=hour % 2 == 1)
    theatre.does("per_jane", "meeting_booked", later(hours=4))

    moved = jane(theatre.run(later(hours=4)))

    assert (moved.stage, moved.moved) == ("sql", True)


def test_a2_20_the_facts_say_what_holds() -> None:
    theatre = mql()
    theatre.does("per_jane", "task_rejected", later(hours=2))

    facts = facts_of(theatre.run(later(hours=3)), "per_jane")

    assert facts["person.reason"] == "rejected_by_sales"
    assert facts["person.stage"] == "recycled"
    assert facts["person.days_in_stage"] == 0
