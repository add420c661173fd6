"""Operators' Lambda: a direct call under IAM, answered by the same tools as agents'.

The workflow's questions come here as well: what waits for a person waits at this desk.
"""

from datetime import UTC, datetime
from typing import Any

from functions.agent.approvals import Approvals, take_requests
from functions.agent.operator_door import call
from functions.agent.reception import Reception
from mos.aws.bundles import bundles
from mos.aws.clients import setting
from mos.aws.parking import parking
from mos.aws.queue import queue
from mos.aws.runs import StepFunctionsRuns
from mos.aws.simulation import LambdaSimulation
from mos.aws.table import table
from mos.policy.bundle.bundle import Bundle
from mos.runtime import tally, wrap

_OWN = "operators"


def _bundle(digest: str | None) -> Bundle:
    return bundles().find(digest) if digest else bundles().active()


def _handle(payload: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001  Lambda's own types
    if "Records" in payload:
        hours = float(setting("APPROVAL_HOURS"))
        store, runs = Approvals(table(_OWN)), StepFunctionsRuns()
        tally(approvals_asked=take_requests(payload["Records"], store, runs, hours))
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
