"""Look-ups without a network: the lookup layer's own step, over fakes with records of ours."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from functions.lookup.handler import step
from lab.fakes import records
from lab.fakes.provider import ProviderRequest
from lab.fakes.shelf import Lender, Shelf
from mos import plugins
from mos.events import ReadNeeded, RecordRead
from mos.memory.queue import FakeQueue
from mos.model.base import canonical
from mos.model.call import Call, CallReply, OAuthAuthority
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment
from mos.runtime import Waits

_TOKEN = "token-of-the-workbench"  # noqa: S105  opens nothing


@dataclass
class FakeLookups:
    """The fake systems' records, and the questions that the system puts to them.

    A system where nobody has put a record is not asked at all, as one that is not connected:
    its questions wait in `unasked`.
    """

    shelves: dict[str, Shelf] = field(default_factory=dict)
    waiting: list[ReadNeeded] = field(default_factory=list)
    unasked: list[ReadNeeded] = field(default_factory=list)

    def open_shelf(self, system: str) -> Shelf:
        """Return a system's shelf, which connects it."""
        return self.shelves.setdefault(system, Shelf(tokens={_TOKEN}))

    def exchange(self, call: Call) -> CallReply:
        """Answer a call as the provider's fake does."""
        parts = urlsplit(call.url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        shelf = self.open_shelf(call.provider)
        if isinstance(call.authority, OAuthAuthority):
            # One whose token has ended gets another, as the door out does.
            shelf.tokens.add(_TOKEN)
        headers = {**call.headers, "authorization": f"Bearer {_TOKEN}"}
        body = json.loads(call.body or b"{}")
        lender = find_lender(call.provider)
        found = lender.lend(ProviderRequest(call.method, path, headers, body), shelf)
        if found is None:
            return CallReply(404, {}, b"{}")
        return CallReply(found.status, found.headers, canonical(found.body).encode())

    def run(
        self, events: Sequence[ReadNeeded], bundle: Bundle, now: datetime, parking: FakeQueue
    ) -> list[RecordRead]:
        """Ask for what is wanted, and for what had to wait; return what was answered."""
        asked = [*self.waiting, *events]
        self.unasked += [one for one in asked if one.record.system not in self.shelves]
        known = {str(n): e for n, e in enumerate(asked) if e.record.system in self.shelves}
        answers = FakeQueue()
        waits: Waits = step(
            known, Moment(now), bundle, self.exchange, answers,
            lambda body, why: parking.send([body], why), _find_address,
        )  # fmt: skip
        self.waiting = [known[message] for message in waits]
        return [RecordRead.model_validate_json(body) for body in answers.bodies]


def _find_address(system: str) -> str | None:
    """Return where a system is whose tenants have addresses of their own."""
    return find_lender(system).base or None


def find_lender(system: str) -> Lender:
    """Return how a system lets its records be read.

    Raises:
        KeyError: none of this name does.
    """
    if system not in plugins.names(records):
        raise KeyError(system)
    return plugins.load(records, system, "LENDER", Lender)
