"""Read an answer's words at the door, by whatever way they came: rules first. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from functions.webhook.actor import Judged
from functions.webhook.draft import Draft
from functions.webhook.fields import Json
from mos.model.signal import Actor, SignalKind
from mos.reply.classify import Answer, classify
from mos.reply.effect import find_effect
from mos.reply.kind import REPLY, UNPROVED, Reading, ReplyKind

_APART = timedelta(days=7)
_TAKES = frozenset({ReplyKind.UNSUBSCRIBE, ReplyKind.OUT_OF_OFFICE, ReplyKind.LEFT_COMPANY})
"""What is taken from a sender whom nothing proves: it takes away, and gives nothing."""


@dataclass(frozen=True)
class Words:
    """What somebody has written: their new words, and what is known of them."""

    text: str
    subject: str = ""
    sender: str = ""
    sent_at: datetime | None = None
    received_at: datetime | None = None
    machine: Judged | None = None


def add_reading(draft: Draft, words: Words, *, is_proved: bool = True) -> Draft:
    """Return the draft of an answer with what its words say.

    The words stay beside it, so that a model may be asked where rules are not sure. Of a sender
    whom nothing proves only what takes away is kept.
    """
    found = _read(words)
    if not is_proved and found.kind not in _TAKES:
        return replace(
            draft,
            kind=SignalKind.UNMAPPED,
            name="mail.unproved",
            identifiers=(),
            traits={},
            consent=(),
            properties={UNPROVED: True, "message_id": draft.properties.get("message_id")},
        )
    effect = find_effect(found.kind)
    actor = words.machine or draft.actor
    if effect.machine_reason and words.machine is None:
        actor = (Actor.MACHINE, effect.machine_reason)
    return replace(
        draft,
        kind=effect.kind,
        consent=(*draft.consent, *effect.consent),
        actor=actor,
        properties={**draft.properties, **_say(words, found, is_proved=is_proved)},
    )


def _read(words: Words) -> Reading:
    received = words.received_at or words.sent_at
    if received is None:
        return Reading()
    sent = words.sent_at or received
    if abs(sent - received) > _APART:
        sent = received  # A clock that is wrong by more than a week dates nothing.
    offset = sent.utcoffset() or timedelta()
    return classify(
        Answer(
            text=words.text,
            sent=sent.date(),
            subject=words.subject,
            sender=words.sender,
            by_machine=words.machine is not None,
            zone_hours=offset.total_seconds() / 3600,
        )
    )


def _say(words: Words, found: Reading, *, is_proved: bool) -> Mapping[str, Json]:
    said: dict[str, Json] = {
        "subject": words.subject or None,
        "text": words.text or None,
        REPLY: found.kind.value,
        "reply_by": "rules",
        "reply_sure": found.is_sure,
        "reply_language": found.language or None,
        "away_until": found.until or None,
        "named_mailbox": found.mailbox or None,
        "named_person": found.name or None,
        "new_mailbox": found.new_mailbox or None,
        UNPROVED: None if is_proved else True,
    }
    return {name: value for name, value in said.items() if value is not None}
