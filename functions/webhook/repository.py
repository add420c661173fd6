"""The evidence: raw bodies under the replay keys of their requests; and what mails' pages know.

The records of the pages are the action layer's own: `actions`, `PAGE#…`, read only.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from functions.webhook.draft import message
from functions.webhook.fields import Json
from functions.webhook.page import Heard, Opened
from functions.webhook.receive import Received
from functions.webhook.source import Refused
from mos.model.base import canonical
from mos.model.page import PAGES, MailPage, PageSite, hash_token, place_page, place_site
from mos.ports import Bucket, Queue, Table

_ELEMENT = 30_000
_REASON = 500


class Inbox:
    """Where received requests go: signals to one queue, refused elements to another."""

    def __init__(self, evidence: Bucket, signals: Queue, parked: Queue) -> None:
        self._evidence = evidence
        self._signals = signals
        self._parked = parked

    def holds(self, received: Received) -> bool:
        """Say whether this request has come in before."""
        return self._evidence.exists(received.key)

    def take(self, source: str, received: Received, raw: bytes) -> None:
        """Queue what the request meant, then keep its bytes.

        In this order: a crash in between makes the sender try again, and the signal log absorbs
        the repeat by its signal ids. The other way round, the retry would look like a replay and
        an acknowledged signal would be lost.
        """
        if received.translation.signals:
            self._signals.send([message(signal) for signal in received.translation.signals])
        self.park(source, received.translation.refused, received.key)
        self._evidence.put_new(received.key, raw, {"source": source})

    def take_word(self, source: str, said: Sequence[Received], raw: bytes) -> Received | None:
        """Take the first of several ways to say one word that has not come in before, if any."""
        new = next((one for one in said if not self.holds(one)), None)
        if new is not None:
            self.take(source, new, raw)
        return new

    def find_heard(self, mailbox: str) -> Heard:
        """Return what a mailbox has said on the public pages so far."""
        held = self._evidence.get(_place_heard(mailbox))
        return Heard.parse(held) if held else Heard()

    def note_heard(self, mailbox: str, heard: Heard) -> None:
        """Keep what a mailbox has said last: what its pages show, not what holds of it."""
        self._evidence.put(_place_heard(mailbox), heard.canonical().encode())

    def park(self, source: str, refused: Sequence[Refused], raw_key: str | None = None) -> None:
        """Put elements aside with their reasons."""
        by_reason: dict[str, list[str]] = {}
        for found in refused:
            body = {
                "source": source,
                "reason": found.reason[:_REASON],
                "raw_key": raw_key,
                "element": _kept(found),
            }
            # Message attributes and bodies in ASCII: SQS refuses some characters.
            reason = found.reason.encode("ascii", "replace").decode()[:_REASON]
            by_reason.setdefault(reason, []).append(json.dumps(body))
        for reason, bodies in by_reason.items():
            self._parked.send(bodies, reason)


class MailPages:
    """The action layer's records of mails' pages, and what was said on them."""

    def __init__(self, actions: Table, inbox: Inbox) -> None:
        self._actions, self.inbox = actions, inbox

    def open(self, token: str, now: datetime) -> Opened | None:
        """Return what a token opens; None where it is nobody's, altered, or too old."""
        held = self._actions.get(*place_page(hash_token(token)))
        if held is None or (held.expires_at or 0) <= now.timestamp():
            return None
        page = MailPage.parse(held.body)
        site = self._actions.get(*place_site(page.site))
        said = PageSite.parse(site.body) if site else PageSite(sender="", postal="")
        heard = self.inbox.find_heard(page.address) if page.address else Heard()
        return Opened(page, said, heard)


def _place_heard(mailbox: str) -> str:
    return f"raw/{PAGES}/heard/{hashlib.sha256(mailbox.encode()).hexdigest()}"


def _kept(refused: Refused) -> Json:
    """Return the element, or the start of a very large one: the bucket has the whole."""
    element = canonical(refused.element)
    return refused.element if len(element) <= _ELEMENT else element[:1000]
