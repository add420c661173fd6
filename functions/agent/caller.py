"""Who calls, and which scopes their token brings. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.agent import tools
from functions.agent.claims import Claims
from functions.agent.operators import is_for_operators
from functions.agent.tool import Tool
from mos import plugins
from mos.errors import RejectedError
from mos.model.mandate import Mandate

READ = "mos:read"
_SCOPES = {"reads": READ, "proposes": "mos:propose"}
"""The scope that a tool wants by its effect; whatever is neither wants `mos:act`."""


class UnknownSubjectError(RejectedError):
    """The token is genuine, and the bundle makes it nobody, or more than one."""

    reason = "unknown_subject"
    status = 403


class InsufficientScopeError(RejectedError):
    """The token was not given for this; `scope` is what to ask the issuer for."""

    reason = "insufficient_scope"
    status = 403

    def __init__(self, scope: str) -> None:
        super().__init__(f"ask the issuer for a token with the scopes {scope}")
        self.scope = scope


@dataclass(frozen=True)
class Caller:
    """An agent. A token of ours brings every scope: what its page says is all that counts."""

    mandate: Mandate
    scopes: frozenset[str] | None = None

    @property
    def tools(self) -> tuple[str, ...]:
        """Return which of its page's tools this door serves."""
        here = list_served()
        return tuple(name for name in self.mandate.tools if name in here)

    def check(self, message: Mapping[str, Any]) -> None:
        """Accept a message that the token's scopes cover.

        Raises:
            InsufficientScopeError: it wants more; the client may step up.
        """
        if self.scopes is None:
            return
        wanted = [READ]
        called = message.get("params", {}).get("name")
        tool = list_served().get(called) if isinstance(called, str) else None
        if message.get("method") == "tools/call" and tool and called in self.mandate.tools:
            wanted.append(name_scope(tool))
        if not set(wanted) <= self.scopes:
            raise InsufficientScopeError(" ".join(dict.fromkeys(wanted)))


def find_agent(claims: Claims, mandates: Mapping[str, Mandate]) -> Caller:
    """Return the one agent whose page names the token's subject and client.

    Raises:
        UnknownSubjectError: no page does, or several do.
    """
    fitting = [m for m in mandates.values() if m.is_of(claims.subject, claims.client)]
    if len(fitting) != 1:
        raise UnknownSubjectError(
            "the token is genuine, but no one agent is it: name its subject or its client in "
            "the agent's page of the bundle (subjects, clients)"
        )
    return Caller(fitting[0], claims.scopes)


def list_served() -> dict[str, Tool]:
    """Return the tools that the internet's door serves, by name."""
    found = plugins.discover(tools, "TOOL", Tool).values()
    return {tool.name: tool for tool in found if not is_for_operators(tool)}


def name_scope(tool: Tool) -> str:
    """Return the scope without which a token does not open a tool."""
    return _SCOPES.get(tool.effect.value, "mos:act")


def list_scopes() -> list[str]:
    """Return every scope that means something here."""
    return sorted({READ} | {name_scope(tool) for tool in list_served().values()})
