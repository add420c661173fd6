"""Agent Lambda: MCP over HTTP for agents, a direct call under IAM for operators."""

from datetime import UTC, datetime
from typing import Any

from functions.agent.door import AgentDoor
from mos.aws.bundles import bundles
from mos.aws.queue import queue
from mos.aws.secrets import secrets
from mos.aws.simulation import LambdaSimulation
from mos.aws.table import table
from mos.policy.bundle.bundle import Bundle
from mos.runtime import wrap


def _bundle(digest: str | None) -> Bundle:
    return bundles().load(digest) if digest else bundles().active()


def _handle(payload: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001  Lambda's own types
    now = datetime.now(UTC)
    door = AgentDoor(table, _bundle, queue("words"), secrets(), LambdaSimulation())
    return door.ask(payload, now) if "requestContext" in payload else door.call(payload, now)


handler = wrap(_handle)
