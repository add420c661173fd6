"""What the CRM, sales and a second interest do to where somebody stands, through the whole path."""

from typing import Any

from mos.events import ActionDecided, StageConflicted, SubjectPlaced
from mos.model.signal import Signal, SignalKind
from tests.builders import signal
from tests.journey.test_the_path import FINTECH, browsing, jane
from tests.system_in_process import System

JANE = "jane@acmepay.example"


def said(minute: float, kind: SignalKind = SignalKind.CONTACT_CHANGED, **fields: Any) -> Signal:
    return signal(kind, minute=minute, ids=(f"email:{JANE}",), source="hubspot", **fields)


def placed(system: System, run: int = -1) -> SubjectPlaced:
    event = system.history[run][1]
    assert isinstance(event, SubjectPlaced)
    return event


def test_the_crm_says_customer_and_the_model_says_engaged() -> None:
    system = System()
    system.play(*browsing(4), jane())

    system.play(
        said(60, traits={"lifecycle_stage": "customer"}, properties={"property": "lifecycle_stage"})
    )

    conflicts = [n for n in system.notes.events if isinstance(n, StageConflicted)]
    assert [(n.level.value, n.conflict.model) for n in conflicts] == [
        ("account", "engaged"), ("person", "mql"),
    ]  # fmt: skip
    assert placed(system).account.stage == "customer"
    why = system.ask("why", subject=JANE).text
    assert "the CRM says customer (customer), the model engaged; we believe the crm" in why


def test_sales_hands_her_back_and_nobody_calls_until_she_raises_a_hand() -> None:
    system = System()
    system.play(*browsing(4), jane())

    system.play(said(60, SignalKind.TASK_REJECTED))
    decided = system.history[-1][3]

    assert [(p.stage, p.reason) for p in placed(system).people] == [
        ("recycled", "rejected_by_sales")
    ]
    assert isinstance(decided, ActionDecided)
    assert decided.action.name != "ae_handoff"
    assert "set back until" in system.ask("why", subject=JANE).text


def test_a_second_interest_makes_a_second_group_and_both_are_told() -> None:
    system = System()
    reports = browsing(6, (f"email:{JANE}",), "/analytics/reporting")
    system.play(*browsing(4), jane())
    system.play(*[s.model_copy(update={"occurred_at": system.now, "received_at": system.now})
                  for s in reports])  # fmt: skip
    system.play(said(90, SignalKind.LEAD_SUBMITTED, company=FINTECH))

    held = system.ask("profile", subject=JANE)

    assert [g["solution"] for g in held.data["groups"]] == ["platform", "analytics"]
    assert all(g["person_stage"] for g in held.data["groups"])
    assert "platform group prioritized, where they are" in held.text
    assert "analytics group" in held.text
    assert "(analytics) is" in system.ask("why", subject=JANE).text


def test_a_contact_role_from_the_crm_confirms_the_member_and_the_role() -> None:
    system = System()
    system.play(*browsing(4), jane())

    system.play(
        said(60, SignalKind.ROLE_CONFIRMED, properties={"role": "champion", "by": "hubspot 7"})
    )

    text = system.ask("profile", subject=JANE).text
    assert "confirmed by hubspot 7, likely champion (100%)" in text
    assert placed(system).group_facts["group.confirmed_members"] == 1
    group = system.ask("stage", subject=placed(system).group_id)
    [confirmed] = group.data["confirmed_for_crm"]
    assert confirmed["role"] == "champion"
