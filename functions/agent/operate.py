"""Operators' Lambda: a direct call under IAM, answered by the same tools as agents'.

The workflow's questions come here as well, and what approvers say at doors that prove who they are:
what waits for a person waits at this desk, and only this function can let it go on.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from functions.agent.approval_desk import ApprovalDesk, Utterance
from functions.agent.approval_intake import is_tick, read_claim, take_request
from functions.agent.approvals import Approvals, list_late
from functions.agent.operator_door import call
from functions.agent.reception import Reception
from mos.aws.bundles import bundles
from mos.aws.clients import setting
from mos.aws.parking import parking
from mos.aws.queue import queue
from mos.aws.runs import StepFunctionsRuns
from mos.aws.simulation import LambdaSimulation
from mos.aws.table import table
from mos.errors import MissingError, RejectedError
from mos.events import ApprovalSaid
from mos.policy.bundle.bundle import Bundle
from mos.runtime import logger, tally, wrap

_OWN, _SHOWN = "operators", 10


def _bundle(digest: str | None) -> Bundle:
    return bundles().find(digest) if digest else bundles().active()


def take_messages(
    messages: list[Mapping[str, Any]], desk: ApprovalDesk, hours: float
) -> dict[str, int]:
    """Keep what waits, take what approvers said, look for what waits too long; return counts.

    Raises:
        MalformedError: a message is none of these.
    """
    counts: Counter[str] = Counter()
    for message in messages:
        if is_tick(message):
            counts["approvals_late"] += count_late(desk)
        elif (claim := read_claim(message)) is None:
            counts["approvals_asked"] += take_request(message, desk.store, desk.runs, hours)
        else:
            counts["approvals_said" if hear(claim, desk) else "approvals_ignored"] += 1
    return dict(counts)


def hear(event: ApprovalSaid, desk: ApprovalDesk) -> bool:
    """Take a word that came in as a signal; false where it changed nothing, which is logged."""
    said = event.claim
    word = Utterance(said.approved, said.who, said.why, event.via, event.trace_id)
    try:
        desk.say(desk.find_request(said.decision_id), word)
    except (RejectedError, MissingError) as error:
        seen = {"decision": said.decision_id, "who": said.who, "via": event.via}
        logger().warning("approval_ignored", extra=seen | {"why": str(error)})
        return False
    return True


def count_late(desk: ApprovalDesk) -> int:
    """Return how many have waited for longer than the bundle says; the oldest ten are logged."""
    if "approval_late_hours" not in desk.bundle.parameters:
        return 0
    hours = desk.bundle.number("approval_late_hours")
    late = list_late(desk.store.list_waiting(desk.now), desk.now, hours)
    if late:
        oldest = [one.decision_id for one in late[:_SHOWN]]
        logger().warning("approvals_late", extra={"count": len(late), "oldest": oldest})
    return len(late)


def _desk() -> ApprovalDesk:
    return ApprovalDesk(
        table, Approvals(table(_OWN)), bundles().active(), StepFunctionsRuns(), datetime.now(UTC)
    )


def _handle(payload: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001  Lambda's own types
    if "Records" in payload:
        tally(**take_messages(payload["Records"], _desk(), float(setting("APPROVAL_HOURS"))))
        return {"batchItemFailures": []}
    reception = Reception(
        table,
        _bundle,
        queue("words"),
        own=_OWN,
        simulation=LambdaSimulation(),
        runs=StepFunctionsRuns(),
        parking=parking(),
    )
    return call(payload, reception, datetime.now(UTC))


handler = wrap(_handle)
