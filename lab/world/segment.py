"""Segment spec messages, and the batches in which a library sends them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from lab.world.beat import Beat, packed
from lab.world.people import Person

Message = dict[str, Any]
MOST = 100
_SITE = "https://www.mos.example"
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"


def page(person: Person, at: datetime, path: str, *, agent: str = _BROWSER) -> Message:
    """Return a page view of this person's browser: anonymous until it identifies."""
    title = path.strip("/").replace("/", " ").title() or "Home"
    seen = {"path": path, "url": f"{_SITE}{path}", "title": title}
    context = {"page": seen, "userAgent": agent}
    return _message("page", person, at, path, name=title, properties=seen, context=context)


def identify(person: Person, at: datetime, consent: Mapping[str, bool] | None = None) -> Message:
    """Return the moment when a browser tells who uses it, and what they agreed to."""
    context: dict[str, Any] = {"userAgent": _BROWSER}
    if consent is not None:
        context["consent"] = {"categoryPreferences": dict(consent)}
    said = _message("identify", person, at, person.email, traits=person.traits, context=context)
    return said | {"userId": person.email}


def group(person: Person, at: datetime) -> Message:
    """Return what is known of a person's company."""
    company = person.company
    if company is None:
        raise ValueError(f"{person.email} works for nobody we know")
    said = _message("group", person, at, company.domain, traits=company.traits)
    return said | {"userId": person.email, "groupId": company.domain}


def consent_change(person: Person, at: datetime, consent: Mapping[str, bool]) -> Message:
    """Return the event that a consent manager sends when somebody changes their mind."""
    context = {"consent": {"categoryPreferences": dict(consent)}, "userAgent": _BROWSER}
    said = _message("track", person, at, str(sorted(consent.items())), context=context)
    return said | {
        "event": "Segment Consent Preference Updated",
        "userId": person.email,
        "properties": {},
    }


def batch(messages: Sequence[Message], at: datetime, note: str = "", who: str = "") -> Beat:
    """Return one `/v1/batch` request."""
    if not 0 < len(messages) <= MOST:
        raise ValueError(f"a batch holds 1 to {MOST} messages, not {len(messages)}")
    return Beat(at, "segment", packed({"batch": messages}), len(messages), note, who)


def batches(messages: Iterable[Message], note: str) -> list[Beat]:
    """Return requests of up to a hundred messages in time order, each sent after its last."""
    ordered = sorted(messages, key=lambda m: (m["timestamp"], m["messageId"]))
    chunks = [ordered[i : i + MOST] for i in range(0, len(ordered), MOST)]
    return [batch(c, datetime.fromisoformat(c[-1]["timestamp"]), note) for c in chunks]


def _message(call: str, person: Person, at: datetime, about: str, **fields: Any) -> Message:  # noqa: ANN401  the message's fields
    cause = f"{call}|{person.anonymous_id}|{at.isoformat()}|{about}"
    return {
        "type": call,
        "messageId": "ajs-" + hashlib.sha256(cause.encode()).hexdigest()[:24],
        "anonymousId": person.anonymous_id,
        "timestamp": at.isoformat(),
        **fields,
    }
