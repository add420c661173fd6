"""Agents' Lambda: MCP over HTTP, from the internet."""

import os
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from functions.agent.address import Address
from functions.agent.door import AgentDoor
from functions.agent.issuer_keys import IssuerKeys
from functions.agent.reception import Reception
from mos.aws.bundles import bundles
from mos.aws.queue import queue
from mos.aws.secrets import secrets
from mos.aws.simulation import LambdaSimulation
from mos.aws.table import table
from mos.http import get_json
from mos.policy.bundle.bundle import Bundle
from mos.runtime import wrap


def _bundle(digest: str | None) -> Bundle:
    return bundles().find(digest) if digest else bundles().active()


def _listed(name: str) -> tuple[str, ...]:
    return tuple(one for one in os.environ.get(name, "").split(",") if one)


def _address() -> Address:
    return Address(
        url=os.environ["MOS_MCP_URL"],
        hosts=_listed("MOS_MCP_HOSTS"),
        origins=_listed("MOS_MCP_ORIGINS"),
        issuer=os.environ.get("MOS_JWT_ISSUER", ""),
        audience=_listed("MOS_JWT_AUDIENCE"),
    )


@cache
def _keys() -> IssuerKeys | None:
    """Return the keys of the issuer that the settings name: one cache per container."""
    issuer, url = os.environ.get("MOS_JWT_ISSUER"), os.environ.get("MOS_JWT_KEYS_URL", "")
    return IssuerKeys(issuer, url, partial(get_json, "issuer")) if issuer else None


def _handle(payload: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001  Lambda's own types
    reception = Reception(
        table, _bundle, queue("words"), own="agents", simulation=LambdaSimulation()
    )
    return AgentDoor(reception, secrets(), _address(), _keys()).ask(payload, datetime.now(UTC))


handler = wrap(_handle)
