"""What came of a decision, as a message of our own vocabulary that names its action."""

from typing import Any

from functions.agent.propose import identifier
from lab.play.lines import DoorLine, OutcomeLine
from lab.play.query import find_decision, list_accounts
from lab.system import InProcessSystem
from mos.model.base import derive_id
from mos.model.lesson import OutcomeKind

DOOR = "standard-webhooks"
_TYPES = {
    OutcomeKind.OPENED: "email.opened", OutcomeKind.CLICKED: "email.clicked",
    OutcomeKind.REPLIED: "email.replied", OutcomeKind.MEETING: "meeting.booked",
    OutcomeKind.TASK_ACCEPTED: "task.accepted", OutcomeKind.TASK_REJECTED: "task.rejected",
    OutcomeKind.OPPORTUNITY: "deal.updated", OutcomeKind.WON: "deal.updated",
    OutcomeKind.UNSUBSCRIBED: "email.unsubscribed", OutcomeKind.COMPLAINED: "email.complained",
}  # fmt: skip
_DEALS = {OutcomeKind.OPPORTUNITY: "appointmentscheduled", OutcomeKind.WON: "closedwon"}


def build_outcome(line: OutcomeLine, system: InProcessSystem) -> DoorLine:
    """Return the delivery by which an outcome comes in.

    Raises:
        StoryLineError: there is no such decision.
    """
    decision = find_decision(line.outcome, system)
    kind, who = line.outcome.kind, identifier(line.outcome.person)
    data: dict[str, Any] = {
        "identifiers": [{"type": who.type, "value": who.value}],
        "action_id": derive_id("act", decision.decision_id),
        "decision_id": decision.decision_id,
    }
    if kind in _DEALS:
        account = list_accounts(system).get(decision.account_id)
        data["deal_stage"] = _DEALS[kind]
        data["deal_id"] = f"deal-{decision.account_id}"
        data["company"] = {"domain": account.domain} if account and account.domain else {}
    body = {"type": _TYPES[kind], "timestamp": line.at.isoformat(), "data": data}
    return DoorLine(at=line.at, source=DOOR, body=body)
