"""The fake providers without a server: calls go to them in this process, and fail as told."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from lab.fakes import providers
from lab.fakes.provider import Provider, ProviderRequest
from mos import plugins
from mos.aws.exchange.standard_webhook import sign_webhook
from mos.errors import UnavailableError, UncertainError
from mos.model.call import BasicAuthority, Call, CallReply, NoAuthority, WebhookAuthority

WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"a secret of a test, 32 bytes yes").decode()


def _open(call: Call) -> dict[str, str]:
    """Return the headers by which the exchange would say who calls, with a secret of a test."""
    match call.authority:
        case NoAuthority():
            return {}
        case WebhookAuthority(name, message_id):
            at, body = int(time.time()), call.body or b""
            return sign_webhook(message_id, at, body, (WEBHOOK_SECRET,), name)
        case BasicAuthority():
            return {"authorization": f"Basic {base64.b64encode(b'user:of-a-test').decode()}"}
        case _:
            return {"authorization": "Bearer secret-of-a-test"}


class ProviderWire:
    """The `Exchange` port: answers as the providers do, and keeps what they were told.

    `failures` are how the next calls fail: `unavailable` (not taken), `uncertain` (not taken, and
    nobody knows), `lost` (taken, and the answer lost), or a status that is answered instead.
    `refusals` are with which status and error a provider answers everything, as AWS words errors.
    `strike` may raise before each call. `lacks` is what the providers do not have, until made.
    """

    def __init__(self, strike: Callable[[str], None] = lambda _provider: None) -> None:
        self._found = plugins.discover(providers, "PROVIDER", Provider)
        self._strike = strike
        self.inbox: list[dict[str, Any]] = []
        self.calls: list[Call] = []
        self.failures: list[str] = []
        self.lacks: set[str] = set()
        self.refusals: dict[str, tuple[int, str]] = {}
        self._memory: dict[str, dict[str, Any]] = {}

    def exchange(self, call: Call) -> CallReply:
        """Return what the provider answers."""
        self._strike(call.provider)
        how = self.failures.pop(0) if self.failures else ""
        if how == "unavailable":
            raise UnavailableError(call.provider, "told to fail")
        if how == "uncertain":
            raise UncertainError(call.provider, "the answer was lost")
        self.calls.append(call)
        if how.isdigit():
            return CallReply(int(how), {}, b"{}")
        if refused := self.refusals.get(call.provider):
            return CallReply(refused[0], {"x-amzn-errortype": f"{refused[1]}:"}, b"{}")
        reply = self._answer(call)
        if how == "lost":
            raise UncertainError(call.provider, "the answer was lost")
        return reply

    def _answer(self, call: Call) -> CallReply:
        parts = urlsplit(call.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {name.lower(): value for name, value in call.headers.items()}
        headers |= _open(call)
        body = json.loads(call.body or b"{}")
        asked = ProviderRequest(
            call.method,
            path,
            headers,
            body,
            frozenset(self.lacks),
            self._memory.setdefault(call.provider, {}),
        )
        told = self._found[call.provider].answer(asked)
        self.lacks -= told.made
        self.inbox.extend(told.kept)
        said = told.body
        raw = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
        named = {name.lower(): value for name, value in told.headers.items()}
        return CallReply(told.status, {"content-type": "application/json"} | named, raw)

    @property
    def mails(self) -> list[dict[str, Any]]:
        """Return the mails that arrived: to, subject, body, tags, headers."""
        return [kept for kept in self.inbox if kept["channel"] == "email"]

    @property
    def posts(self) -> list[tuple[str, str, Any]]:
        """Return the calls that anybody but the mailer took: provider, path, body."""
        return [
            (call.provider, urlsplit(call.url).path, json.loads(call.body or b"{}"))
            for call in self.calls
            if call.provider != "ses"
        ]
