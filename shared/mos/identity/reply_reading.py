"""An answer that somebody reads later than the door: what is asked, and how it comes back. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mos.identity.correction import READER
from mos.model.base import Fact, Facts, derive_id
from mos.model.signal import Actor, Identifier, Signal, SignalKind, Trust
from mos.reply.away import AWAY
from mos.reply.kind import REPLY, read_kind
from mos.reply.people import find_mailbox, hide_mailboxes

TARGET = "target"
_LABEL, _MOST_LABELS = re.compile(r"\[mailbox-\d{1,2}\]"), 100
_NAMED, _PERSON, _NEW = "named_mailbox", "named_person", "new_mailbox"


def ask_about(signal: Signal) -> dict[str, Any]:
    """Return the question about an answer: its words, with a label for each mailbox."""
    said = signal.properties
    return {
        "subject": hide_mailboxes(str(said.get("subject") or ""))[:500],
        "text": hide_mailboxes(str(said.get("text") or ""), own_mailbox(signal))[:2_000],
        "sent": signal.occurred_at.date().isoformat(),
    }


def ask_whom(signal: Signal) -> dict[str, Any]:
    """Return the question about whom an answer names: its words, and the labels in them."""
    asked = ask_about(signal)
    labels = dict.fromkeys(_LABEL.findall(asked["text"]))
    return {**asked, "labels": list(labels)[:_MOST_LABELS]}


def own_mailbox(signal: Signal) -> str:
    """Return the mailbox with which an answer came."""
    return next((i.value for i in signal.identifiers if i.type == "email"), "")


def name_target(signal: Signal, profile_id: str) -> dict[str, str]:
    """Return the context by which a reading finds back to its answer."""
    return {
        "profile_id": profile_id,
        "identifier": f"email:{own_mailbox(signal)}",
        TARGET: signal.signal_id,
        "at": signal.occurred_at.isoformat(),
        "stated_at": (signal.stated_at or signal.occurred_at).isoformat(),
    }


def make_reading(
    task: str, answer: Mapping[str, Any], context: Mapping[str, str], by: str, now: datetime
) -> Signal | None:
    """Return the signal that says how an answer was read, or None: there is nothing in it.

    It stands beside its answer and takes that one's place in time. A confidence is no part of it.
    """
    kind, _, value = context.get("identifier", "").partition(":")
    target, said = context.get(TARGET, ""), _read(answer)
    if not target or not value or not said:
        return None
    return Signal(
        signal_id=derive_id("sig", READER, task, target, by),
        source=READER,
        kind=SignalKind.REPLY_READ,
        name=task,
        occurred_at=datetime.fromisoformat(context["at"]),
        received_at=now,
        stated_at=datetime.fromisoformat(context.get("stated_at") or context["at"]),
        identifiers=(Identifier(type=kind, value=value),),
        properties={TARGET: target, "by": by, **said},
        trust=Trust.SIGNED,
        actor=Actor.MACHINE,
        actor_reason=READER,
    )


def _read(answer: Mapping[str, Any]) -> Facts:
    kind = read_kind(answer.get("kind"))
    said: dict[str, Fact] = {
        REPLY: kind.value if kind else None,
        AWAY: str(answer.get("until") or "") or None,
        _NAMED: str(answer.get("mailbox") or "") or None,
        _PERSON: str(answer.get("name") or "") or None,
        _NEW: str(answer.get("new_mailbox") or "") or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def find_named(signal: Signal, target: Signal) -> tuple[str, str]:
    """Return the mailbox and the name of the person whom an answer names, empty where it is none.

    A reading has a label; what it stands for is what its answer says there.
    """
    named = str(signal.properties.get(_NAMED) or "")
    if signal.kind is SignalKind.REPLY_READ:
        named = find_mailbox(named, str(target.properties.get("text") or ""), own_mailbox(target))
    return named, str(signal.properties.get(_PERSON) or "")
