"""The internet's door: who comes in, under which name, and what they are answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.agent.address import PREFLIGHT, Address
from functions.agent.caller import Caller, InsufficientScopeError, find_agent
from functions.agent.claims import Keys
from functions.agent.credentials import (
    UnauthenticatedError,
    authenticate,
    is_jwt,
    read_bearer,
    split_token,
)
from functions.agent.metadata import challenge, describe
from functions.agent.operator_door import OPERATOR
from functions.agent.reception import Reception
from functions.agent.reply import (
    Reply,
    RequestError,
    put_off,
    refuse,
    refuse_rpc,
    reply,
    reply_empty,
)
from functions.agent.request import HttpRequest
from mos.errors import BundleError, LimitReachedError, RejectedError, UnavailableError
from mos.policy.mandates import read_mandates
from mos.ports import Secrets

_METHODS = "POST, OPTIONS"
_MINUTE = 60
_WELL_KNOWN = "/.well-known/"


@dataclass(frozen=True)
class AgentDoor:
    """Agents over MCP. Every call is counted, and kept with how it ended."""

    reception: Reception
    secrets: Secrets
    address: Address
    keys: Keys | None = None

    def ask(self, event: Mapping[str, Any], now: datetime) -> Reply:
        """Answer one request: names first, then the method, the caller, and only then the body.

        There is no stream to open and no session to end: only a POST is answered.
        """
        request = HttpRequest.of(event)
        pages: dict[str, str] = {}
        try:
            self.address.check_host(request.headers)
            if request.path.startswith(_WELL_KNOWN):
                return self._describe(request)
            pages = self.address.check_origin(request.headers)
            said = self._answer(request, now)
        except RequestError as error:
            said = refuse_rpc(error)
        except RejectedError as error:
            said = refuse(error, **self._challenge(error))
        except LimitReachedError:
            said = put_off(429, _TOO_OFTEN, _MINUTE, request.find_id())
        except (BundleError, UnavailableError):
            said = put_off(503, _UNAVAILABLE, _MINUTE, request.find_id())
        return said | {"headers": said["headers"] | pages}

    def _describe(self, request: HttpRequest) -> Reply:
        """Say who gives tokens: to anybody, since a client has none when it asks."""
        anybody = {"access_control_allow_origin": "*"}
        if request.method == "OPTIONS":
            return reply_empty(anybody | {"access-control-allow-headers": "mcp-protocol-version"})
        if request.method != "GET":
            return reply(405, _NOT_ALLOWED, allow="GET, OPTIONS")
        if not self.address.issuer:
            return reply(404, _NO_ISSUER, **anybody)
        return reply(200, describe(self.address), **anybody)

    def _challenge(self, error: RejectedError) -> dict[str, str]:
        """Return the header with which a client learns how to come back."""
        match error:
            case UnauthenticatedError():
                return {"www_authenticate": challenge(self.address)}
            case InsufficientScopeError():
                said = challenge(self.address, error.reason, error.scope)
                return {"www_authenticate": said}
        return {}

    def _answer(self, request: HttpRequest, now: datetime) -> Reply:
        if request.method == "OPTIONS":
            return reply_empty(PREFLIGHT | {"allow": _METHODS})
        if request.method != "POST":
            return reply(405, _NOT_ALLOWED, allow=_METHODS)
        caller = self._identify(request, now)
        caller.check(request.read_message())
        desk = self.reception.open_desk(caller.mandate, caller.tools, now)
        from functions.agent.mcp_http import serve  # noqa: PLC0415  seconds to import: paid only by MCP

        return serve(request, desk, self.reception.note_of(desk))

    def _identify(self, request: HttpRequest, now: datetime) -> Caller:
        """Return who calls.

        A name that the bundle doesn't hold is refused before any secret is asked for.
        """
        token = read_bearer(request.headers.get("authorization"))
        mandates = read_mandates(self.reception.bundle(None))
        agents = {name: one for name, one in mandates.items() if name != OPERATOR}
        if self.keys is not None and is_jwt(token):
            from functions.agent.access_token import verify  # noqa: PLC0415  cryptography is slow to import

            return find_agent(verify(token, self.keys, self.address, now), agents)
        name, secret = split_token(token)
        if name not in agents:
            raise UnauthenticatedError("the token is wrong; operators come in under IAM alone")
        authenticate(secret, self.secrets.read(f"agent/{name}"))
        return Caller(agents[name])


_NOT_ALLOWED = {
    "error": "method_not_allowed",
    "detail": "send a POST: there is no stream to open and no session to end",
}
_TOO_OFTEN = {
    "error": "rate_limited",
    "detail": "this minute's requests are used up: try again in a minute, or have "
    "requests_per_minute raised in the agent's page of the bundle",
}
_UNAVAILABLE = {
    "error": "unavailable",
    "detail": "something that this server depends on does not answer: try again in a minute",
}
_NO_ISSUER = {
    "error": "no_issuer",
    "detail": "tokens here are this server's own: ask whoever runs it for one",
}
