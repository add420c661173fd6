"""What a source is: how its requests are proved, and what they mean."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from functions.webhook import strict
from functions.webhook.draft import Delivery, Draft, signal
from functions.webhook.fields import Json
from functions.webhook.request import Reply, Request
from functions.webhook.signature import Secrets
from mos.errors import MalformedError, RejectedError
from mos.model.lookup import RecordName
from mos.model.signal import Signal, Trust

_ELEMENTS = 5_000


@dataclass(frozen=True)
class Refused:
    """One element that cannot become a signal, and why."""

    element: Json
    reason: str


@dataclass(frozen=True)
class Translation:
    """What one body means: its signals, and the elements that mean nothing."""

    signals: tuple[Signal, ...] = ()
    refused: tuple[Refused, ...] = ()


def body_digest(request: Request, _body: Json) -> str:
    """Return the replay key of senders that repeat the same bytes when they try again."""
    return hashlib.sha256(request.body).hexdigest()


@dataclass(frozen=True)
class Source:
    """One sender's dialect: a file in `sources/` exports one of these.

    `verify` returns the trust that the proof earns, or raises a RejectedError. It never reads the
    body before it is proved. `translate` reads the parsed body. `challenge` answers handshakes.
    `native` is the `source` of its events where EventBridge delivers them, too: IAM proves those.
    One that ends in a slash is how those of every sender's own begin: a partner's name its account.
    `advice` is told to who checks a request whose signature is wrong. `translate_record` reads a
    record of the system's that was asked for, with the mapping of its notices: the same facts.
    `parse` reads the body, once it is proved: JSON, unless the sender packs it otherwise.
    """

    verify: Callable[[Request, Secrets, datetime], Trust]
    translate: Callable[[Request, Json, Delivery], Translation]
    replay_key: Callable[[Request, Json], str] = body_digest
    challenge: Callable[[Request, Secrets], Reply] | None = None
    native: str = ""
    advice: str = ""
    translate_record: Callable[[RecordName, Json, Delivery], Translation] | None = None
    parse: Callable[[bytes], Json] = strict.parse

    def takes(self, origin: str) -> bool:
        """Say whether EventBridge's events of this `source` are this sender's."""
        is_begun = self.native.endswith("/") and origin.startswith(self.native)
        return bool(self.native) and (origin == self.native or is_begun)


def only(draft: Draft, delivery: Delivery) -> Translation:
    """Return the translation of a body that is one element: a bad one is the whole request's fault.

    Raises:
        MalformedError: the element does not fit a signal.
    """
    return Translation((signal(draft, delivery),))


def each(items: Sequence[Json], one: Callable[[Json], Draft], delivery: Delivery) -> Translation:
    """Return the translation of many elements: one bad element does not hurt the others.

    An element that comes twice is one signal. Those of one body came in one after the other, as
    they happened and then as they stand in it: each a microsecond behind the one before.

    Raises:
        MalformedError: there are more elements than can be queued while the sender waits.
    """
    if len(items) > _ELEMENTS:
        raise MalformedError(f"more than {_ELEMENTS} elements: send smaller batches")
    drafts: list[tuple[Json, Draft]] = []
    refused: list[Refused] = []
    for item in items:
        try:
            drafts.append((item, one(item)))
        except RejectedError as error:
            refused.append(_refuse(item, error))
    signals: dict[str, Signal] = {}
    for (item, draft), at in zip(drafts, _moments([d for _, d in drafts], delivery), strict=True):
        try:
            made = signal(draft, replace(delivery, received_at=at))
        except RejectedError as error:
            refused.append(_refuse(item, error))
        else:
            signals.setdefault(made.signal_id, made)
    return Translation(tuple(signals.values()), tuple(refused))


def _refuse(item: Json, error: RejectedError) -> Refused:
    return Refused(item, f"{error.reason}: {error.detail}")


def _moments(drafts: Sequence[Draft], delivery: Delivery) -> list[datetime]:
    """Return when each element came in: a microsecond apart, in the order of what happened."""
    by_time = sorted(range(len(drafts)), key=lambda at: (drafts[at].at or delivery.received_at, at))
    places = {at: place for place, at in enumerate(by_time)}
    return [delivery.received_at + timedelta(microseconds=places[at]) for at in range(len(drafts))]
