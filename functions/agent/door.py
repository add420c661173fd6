"""Who comes in, and what they are answered: agents over MCP, operators under IAM."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.agent import tools
from functions.agent.answer import (
    UnauthenticatedError,
    answer,
    authenticate,
    named_by,
    scope_of,
)
from functions.agent.repository import Audit
from functions.agent.tool import NO_SIMULATION, Desk, Simulation, Tool
from mos import plugins
from mos.errors import BundleError, LimitReachedError, MissingError, RejectedError
from mos.policy.bundle.bundle import Bundle
from mos.ports import Queue, Secrets, Table

OPERATOR = "operator"
_UNAUTHENTICATED = 401


@dataclass(frozen=True)
class AgentDoor:
    """Both doors over the same tools. Every call is counted, and kept with how it ended."""

    tables: Callable[[str], Table]
    bundle: Callable[[str | None], Bundle]
    words: Queue
    secrets: Secrets
    simulation: Simulation = NO_SIMULATION

    def call(self, payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Answer an operator who may invoke this function: IAM has said who they are."""
        try:
            tool = plugins.load(tools, str(payload["tool"]), "TOOL", Tool)
        except KeyError:
            known = f"tools: {plugins.names(tools)}"
            return {"ok": False, "reason": "unknown_tool", "detail": known}
        try:
            desk = self._open_desk(OPERATOR, now)
        except LimitReachedError as error:
            return {"ok": False, "reason": "rate_limited", "detail": str(error)}
        arguments, note = payload.get("arguments", {}), self._note_of(desk)
        try:
            said = answer(tool, arguments, desk).model_dump(mode="json")
        except (MissingError, RejectedError, LimitReachedError) as error:
            reason = getattr(error, "reason", "missing")
            note(tool.name, arguments, reason)
            return {"ok": False, "reason": reason, "detail": str(error)}
        note(tool.name, arguments, "ok")
        return {"ok": True, **said}

    def ask(self, event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Answer an agent over MCP: its bearer token says who it is, the bundle what it may.

        There is no stream to open and no session to end: only a POST is answered. A name that the
        bundle does not hold is refused before any secret is asked for.
        """
        if event["requestContext"]["http"]["method"] != "POST":
            return _reply(405, {"error": "method_not_allowed"}, allow="POST")
        try:
            name, token = named_by(event["headers"].get("authorization"))
            self._check(name, token)
            desk = self._open_desk(name, now)
        except (RejectedError, BundleError) as error:
            status = getattr(error, "status", 403)
            asks = {"www-authenticate": 'Bearer realm="marketing-os"'}
            headers = asks if status == _UNAUTHENTICATED else {}
            return _reply(status, {"error": getattr(error, "reason", "forbidden")}, **headers)
        except LimitReachedError:
            return _reply(429, {"error": "rate_limited"})
        from functions.agent.server import serve  # noqa: PLC0415  seconds to import: paid only by MCP

        return serve(dict(event), desk, self._note_of(desk))

    def _check(self, name: str, token: str) -> None:
        if f"agents/{name}.toml" not in self.bundle(None).files:
            raise UnauthenticatedError("there is no such agent")
        authenticate(token, self.secrets.read(f"agent/{name}"))

    def _open_desk(self, agent: str, now: datetime) -> Desk:
        scope = scope_of(agent, self.bundle(None).settings(f"agents/{agent}.toml"))
        Audit(self.tables("agents")).admit(scope, now)
        return Desk(
            tables=self.tables,
            bundle=self.bundle,
            signals=self.words,
            scope=scope,
            now=now,
            simulation=self.simulation,
        )

    def _note_of(self, desk: Desk) -> Callable[[str, Mapping[str, object], str], None]:
        audit = Audit(self.tables("agents"))
        return lambda tool, arguments, end: audit.note(desk.scope, tool, arguments, end, desk.now)


def _reply(status: int, body: Mapping[str, Any], **headers: str) -> dict[str, Any]:
    shown = {"content-type": "application/json", **headers}
    return {"statusCode": status, "headers": shown, "body": json.dumps(body)}
