"""Which touch earned an outcome, and once only."""

from datetime import timedelta

from functions.learning.credit import credit
from functions.learning.handler import step
from functions.learning.study import Study
from mos.events import ActionDelivered, LessonLearned, OutcomeObserved
from mos.memory.table import FakeTable
from mos.model.base import derive_id
from mos.model.delivery import DeliveryStatus
from mos.model.lesson import Outcome, OutcomeKind
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment
from tests.builders import NOON

ARM = ("ARM#strong", "email_welcome#plain")


def sent(
    name: str = "1", *, hour: int = 0, status: DeliveryStatus = DeliveryStatus.SENT
) -> ActionDelivered:
    return ActionDelivered(
        event_id=f"evt_{name}", cause_id="evt_0", trace_id="sig_0",
        occurred_at=NOON + timedelta(hours=hour), run_id=f"run_{name}", decision_id=f"dec_{name}",
        action_id=f"act_{name}", group_id="grp_1", person_id="per_1", action="email_welcome",
        treatment="plain", channel="email", segment="strong", probability=0.5, status=status,
        reason="sent", outcomes=("clicked", "meeting"),
    )  # fmt: skip


def outcome(kind: OutcomeKind = OutcomeKind.CLICKED, *, action: str | None = None, hour: int = 1,
            signal: str = "sig_1") -> OutcomeObserved:  # fmt: skip
    at = NOON + timedelta(hours=hour)
    return OutcomeObserved(
        event_id=derive_id("evt", signal), cause_id="evt_s", trace_id=signal, occurred_at=at,
        outcome=Outcome(kind=kind, signal_id=signal, at=at, person_id="per_1", group_id="grp_1",
                        action_id=action),
    )  # fmt: skip


def learned(*events: ActionDelivered | OutcomeObserved) -> tuple[FakeTable, list[LessonLearned]]:
    table = FakeTable()
    study, moment = Study(table, lambda _: Bundle({}), lambda: Bundle({}), NOON), Moment(NOON)
    said = [
        step(e, moment, study) if isinstance(e, ActionDelivered) else credit(e, moment, study)
        for e in events
    ]
    return table, said


def counted(table: FakeTable) -> dict[str, float]:
    arm = table.get(*ARM)
    return dict(arm.numbers) if arm else {}


def test_an_outcome_that_names_its_action_is_that_actions() -> None:
    _, said = learned(sent("1"), sent("2", hour=1), outcome(action="act_1", hour=2))

    assert said[-1].credit is not None
    assert (said[-1].decision_id, said[-1].credit.rule) == ("dec_1", "by_action_id")


def test_an_outcome_without_a_name_is_the_last_touchs_of_the_fortnight() -> None:
    _, said = learned(sent("1"), sent("2", hour=1), sent("3", hour=9), outcome(hour=2))

    assert said[-1].decision_id == "dec_2"


def test_an_outcome_after_the_fortnight_is_nobodys() -> None:
    _, said = learned(sent(), outcome(hour=24 * 15))

    assert said[-1].credit is None
    assert said[-1].reason == "no touch of the last 14 days could have brought it"


def test_an_outcome_of_an_action_that_never_left_is_nobodys() -> None:
    _, said = learned(sent(), outcome(action="act_9"))

    assert said[-1].credit is None


def test_the_same_click_twice_and_a_second_click_earn_one_reward() -> None:
    again = outcome(action="act_1", signal="sig_2", hour=2)

    table, _ = learned(sent(), sent(), outcome(action="act_1"), outcome(action="act_1"), again)

    assert counted(table) == {"trials": 1, "successes": 1}
    assert len(table.query("DECISION#dec_1", prefix="CREDIT#")) == 2


def test_a_touch_that_is_told_of_late_takes_no_credit_away() -> None:
    table, said = learned(sent("1"), outcome(hour=3), sent("2", hour=2), outcome(hour=3))

    assert said[1] == said[3]
    assert counted(table) == {"trials": 2, "successes": 1}


def test_an_unsubscribe_is_kept_and_earns_nothing() -> None:
    table, said = learned(sent(), outcome(OutcomeKind.UNSUBSCRIBED, action="act_1"))

    assert said[-1].credit is not None
    assert said[-1].credit.reward == 0
    assert counted(table) == {"trials": 1}


def test_what_was_refused_is_no_trial() -> None:
    table, said = learned(sent(status=DeliveryStatus.REFUSED))

    assert counted(table) == {}
    assert "nobody was touched" in said[0].reason
