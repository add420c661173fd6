"""Operators' Lambda: a direct call under IAM, answered by the same tools as agents'."""

from datetime import UTC, datetime
from typing import Any

from functions.agent.operator_door import call
from functions.agent.reception import Reception
from mos.aws.bundles import bundles
from mos.aws.queue import queue
from mos.aws.simulation import LambdaSimulation
from mos.aws.table import table
from mos.policy.bundle.bundle import Bundle
from mos.runtime import wrap


def _bundle(digest: str | None) -> Bundle:
    return bundles().load(digest) if digest else bundles().active()


def _handle(payload: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001  Lambda's own types
    reception = Reception(
        table, _bundle, queue("words"), own="operators", simulation=LambdaSimulation()
    )
    return call(payload, reception, datetime.now(UTC))


handler = wrap(_handle)
