"""What a source is: how its requests are proved, and what they mean."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.webhook.draft import Delivery, Draft, signal
from functions.webhook.fields import Json
from functions.webhook.request import Reply, Request
from functions.webhook.signature import Secrets
from mos.errors import MalformedError, RejectedError
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
    `advice` is told to who checks a request whose signature is wrong.
    """

    verify: Callable[[Request, Secrets, datetime], Trust]
    translate: Callable[[Request, Json, Delivery], Translation]
    replay_key: Callable[[Request, Json], str] = body_digest
    challenge: Callable[[Request, Secrets], Reply] | None = None
    native: str = ""
    advice: str = ""


def only(draft: Draft, delivery: Delivery) -> Translation:
    """Return the translation of a body that is one element: a bad one is the whole request's fault.

    Raises:
        MalformedError: the element does not fit a signal.
    """
    return Translation((signal(draft, delivery),))


def each(items: Sequence[Json], one: Callable[[Json], Draft], delivery: Delivery) -> Translation:
    """Return the translation of many elements: one bad element does not hurt the others.

    An element that comes twice is one signal.

    Raises:
        MalformedError: there are more elements than can be queued while the sender waits.
    """
    if len(items) > _ELEMENTS:
        raise MalformedError(f"more than {_ELEMENTS} elements: send smaller batches")
    signals: dict[str, Signal] = {}
    refused: list[Refused] = []
    for item in items:
        try:
            made = signal(one(item), delivery)
        except RejectedError as error:
            refused.append(Refused(item, f"{error.reason}: {error.detail}"))
        else:
            signals.setdefault(made.signal_id, made)
    return Translation(tuple(signals.values()), tuple(refused))
