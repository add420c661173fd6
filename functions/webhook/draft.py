"""From one element of a body to a bounded signal. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from functions.webhook.actor import UNJUDGED, Judged
from functions.webhook.canonical import read_company, read_person
from functions.webhook.errors import ImpossibleTimeError
from functions.webhook.facts import facts
from functions.webhook.identity import Found, distinct, phone
from functions.webhook.rehearsal import is_rehearsed
from functions.webhook.spoken import bound_company, bound_person
from mos.errors import MalformedError
from mos.events import SignalReceived
from mos.model.base import Facts, derive_id
from mos.model.consent import ConsentGrant
from mos.model.signal import Provenance, Signal, SignalKind, Trust

_NAME = 200
_BYTES = 200_000
_FIRST_YEAR = 1970


@dataclass(frozen=True)
class Delivery:
    """What all signals of one request share."""

    source: str
    trust: Trust
    received_at: datetime


@dataclass(frozen=True)
class Draft:
    """One element in our words, but not bounded yet.

    `key` is the sender's own idempotency key of the element: the same key is the same signal. `at`
    is when it happened; `stated_at` is what the sender wrote of it, where the two differ.
    `is_dated` is false where `at` is when the message was sent: another time at each try.
    """

    key: str
    kind: SignalKind
    name: str
    at: datetime | None = None
    stated_at: datetime | None = None
    identifiers: tuple[Found, ...] = ()
    traits: Mapping[str, Any] = field(default_factory=dict)
    company: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    consent: tuple[ConsentGrant, ...] = ()
    actor: Judged = UNJUDGED
    provenance: Provenance = Provenance.FIRST_PARTY
    is_test: bool = False
    is_dated: bool = True


def signal(draft: Draft, delivery: Delivery) -> Signal:
    """Return the signal of `draft`. What had to be cut is named in its property `cut`.

    Nothing happens after we hear of it: a time in the future becomes the time of receipt.

    Raises:
        MalformedError: it is larger than the queue can carry, or breaks the model.
        ImpossibleTimeError: it is older than any clock that can have stamped it.
    """
    bounded, cut = _bounded(draft)
    occurred_at = min(draft.at or delivery.received_at, delivery.received_at)
    if occurred_at.year < _FIRST_YEAR:
        raise ImpossibleTimeError(occurred_at.year)
    stated = (*draft.identifiers, *_national_phone(bounded["traits"], draft.identifiers))
    identifiers = distinct(stated)
    if len({found for found in stated if found}) > len(identifiers):
        cut = (*cut, "identifiers")
    try:
        made = Signal(
            signal_id=_derive_signal_id(delivery, draft.key),
            source=delivery.source,
            kind=draft.kind,
            name=draft.name[:_NAME],
            occurred_at=occurred_at,
            received_at=delivery.received_at,
            stated_at=(draft.stated_at or draft.at) if draft.is_dated else None,
            identifiers=identifiers,
            traits=bounded["traits"],
            company=bounded["company"],
            properties=bounded["properties"] | ({"cut": cut} if cut else {}),
            consent=draft.consent,
            trust=delivery.trust,
            actor=draft.actor[0],
            actor_reason=draft.actor[1],
            provenance=draft.provenance,
            is_test=draft.is_test or is_rehearsed(draft.traits),
        )
    except ValidationError as error:
        places = "; ".join(".".join(map(str, found["loc"])) for found in error.errors()[:5])
        raise MalformedError(f"the element does not fit a signal: {places}") from None
    if len(message(made)) > _BYTES:
        # Bounded here, so that no message ever needs a claim check: SQS carries 256 KiB.
        raise MalformedError(f"the signal is larger than {_BYTES} bytes")
    return made


def _derive_signal_id(delivery: Delivery, key: str) -> str:
    """Return the id of a signal. What anybody can send never takes the place of a sender's own."""
    anybodys = [delivery.trust.value] if delivery.trust is Trust.UNSIGNED else []
    return derive_id("sig", delivery.source, *anybodys, key)


def _national_phone(traits: Facts, stated: tuple[Found, ...]) -> tuple[Found, ...]:
    """Return the number that a person's country makes whole, where none was given whole."""
    if any(found and found.type == "phone" for found in stated):
        return ()
    country = traits.get("country")
    return (phone(traits.get("phone"), str(country)),) if country else ()


def message(made: Signal) -> str:
    """Return the queue message of a signal: ASCII only, since SQS refuses some characters."""
    event = SignalReceived.of(made)
    return event.model_dump_json(exclude_defaults=True, ensure_ascii=True)


def _bounded(draft: Draft) -> tuple[dict[str, Facts], tuple[str, ...]]:
    bounded: dict[str, Facts] = {}
    cut: list[str] = []
    parts = {
        "traits": bound_person(read_person(draft.traits)),
        "company": bound_company(read_company(draft.company)),
        "properties": (draft.properties, ()),
    }
    for part, (values, changed) in parts.items():
        bounded[part], missing = facts(values)
        cut += [f"{part}.{name}"[:_NAME] for name in (*changed, *missing)]
    return bounded, tuple(cut)
