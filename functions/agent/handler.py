"""Agent Lambda: MCP over HTTP for agents, a direct call under IAM for operators."""

import json
from datetime import UTC, datetime
from typing import Any

from functions.agent import tools
from functions.agent.answer import answer, authenticate, named_by, scope_of
from functions.agent.repository import Audit
from functions.agent.tool import Desk, Tool
from mos import plugins
from mos.aws.bundles import bundles
from mos.aws.queue import queue
from mos.aws.secrets import secrets
from mos.aws.table import table
from mos.errors import BundleError, LimitReachedError, MissingError, RejectedError
from mos.policy.bundle.bundle import Bundle
from mos.runtime import wrap

OPERATOR = "operator"


def _bundle(digest: str | None) -> Bundle:
    return bundles().load(digest) if digest else bundles().active()


def _desk(agent: str, now: datetime) -> Desk:
    scope = scope_of(agent, _bundle(None).settings(f"agents/{agent}.toml"))
    Audit(table("agents")).admit(scope, now)
    return Desk(tables=table, bundle=_bundle, signals=queue("words"), scope=scope, now=now)


def _called(payload: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Answer an operator who may invoke this function: IAM has said who they are."""
    try:
        tool = plugins.load(tools, str(payload["tool"]), "TOOL", Tool)
        desk = _desk(OPERATOR, now)
        arguments = payload.get("arguments", {})
        Audit(table("agents")).note(desk.scope, tool.name, arguments, now)
        return {"ok": True, **answer(tool, arguments, desk).model_dump(mode="json")}
    except KeyError:
        return {"ok": False, "reason": "unknown_tool", "detail": f"tools: {plugins.names(tools)}"}
    except (MissingError, RejectedError, LimitReachedError) as error:
        reason = getattr(error, "reason", "missing")
        return {"ok": False, "reason": reason, "detail": str(error)}


def _asked(event: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Answer an agent over MCP: its bearer token says who it is, the bundle what it may."""
    try:
        name, token = named_by(event["headers"].get("authorization"))
        authenticate(token, secrets().read(f"agent/{name}"))
        desk = _desk(name, now)
    except (RejectedError, BundleError) as error:
        status = getattr(error, "status", 403)
        return _json(status, {"error": getattr(error, "reason", "forbidden")})
    except LimitReachedError:
        return _json(429, {"error": "rate_limited"})
    from functions.agent.server import serve  # noqa: PLC0415  seconds to import: paid only by MCP

    Audit(table("agents")).note(desk.scope, "mcp", {"body": event.get("body") or ""}, now)
    return serve(event, desk)


def _json(status: int, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    if status == 401:  # noqa: PLR2004  unauthenticated
        headers["www-authenticate"] = 'Bearer realm="marketing-os"'
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}


def _handle(payload: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001  Lambda's own types
    now = datetime.now(UTC)
    return _asked(payload, now) if "requestContext" in payload else _called(payload, now)


handler = wrap(_handle)
