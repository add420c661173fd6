"""What later signals say of earlier ones: who really acted, and who must be kept apart. Pure.

A correction is a signal like any other: the log stays append-only, and all its readers agree. Only
operators, agents within their scope and this system may send one: no webhook gives these sources.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from mos.identity.approval import is_of_its_door
from mos.model.base import Facts, derive_id
from mos.model.page import is_asked_on_a_page
from mos.model.signal import Actor, Identifier, Signal, SignalKind, Trust

OPERATOR, SYSTEM = "operator", "system"
PRIVILEGED = frozenset({OPERATOR, SYSTEM})
READER = "llm"
"""The source of what a model has read: no door gives it."""

ORDERS = frozenset({SignalKind.RECALL_ORDERED, SignalKind.SWITCH_SET})
ADMINISTRATIVE = ORDERS | {
    SignalKind.RECLASSIFIED, SignalKind.MERGED, SignalKind.UNMERGED, SignalKind.KEPT_APART,
    SignalKind.PRIVACY_REQUESTED, SignalKind.REVIEW_CLOSED, SignalKind.TIMER_DUE,
    SignalKind.ROW_MATCHED, SignalKind.ACCOUNT_STATED, SignalKind.APPROVAL_SAID,
    SignalKind.REPLY_READ,
}  # fmt: skip
"""Kinds that say something of other signals or people; nobody did anything."""

RECLASSIFIED, MERGED_AT, FROM_ANYBODY = "reclassified", "merged_at", "from_anybody"
"""Since when an unmerge's two were taken for one; what was concluded from a stranger's words."""


class Word(StrEnum):
    """Whose word it is that the identifiers of one signal are one person's."""

    RULES = "rules"
    SENDER = "sender"
    HUMAN = "human"


Judgement = tuple[Actor, str]
"""Who acted, and why we think so."""


def is_allowed(signal: Signal) -> bool:
    """Say whether a signal may say what it says: corrections come from nobody outside."""
    if signal.kind is SignalKind.TIMER_DUE:
        return signal.source in {"scheduler", SYSTEM, OPERATOR}
    if signal.kind is SignalKind.REPLY_READ:
        return signal.source in {READER, *PRIVILEGED}
    inner = signal.kind in ADMINISTRATIVE or signal.kind is SignalKind.ACCOUNT_MATCHED
    if not inner or signal.source in PRIVILEGED:
        return True
    return is_asked_on_a_page(signal) or is_of_its_door(signal)


def word_of(signal: Signal) -> Word:
    """Return whose word a signal is for its identifiers being one person's.

    An alias and a CRM's merge say it expressly; a page's does not: anybody can read its key.
    """
    if signal.kind is SignalKind.MERGED and is_allowed(signal):
        return Word.HUMAN
    said = (signal.kind, signal.properties.get("change"))
    stated = signal.kind is SignalKind.ALIAS or said == (SignalKind.CONTACT_CHANGED, "merge")
    return Word.SENDER if stated and not signal.is_anybodys else Word.RULES


def reclassify(
    target: Signal, actor: Actor, reason: str, *, by: str, source: str, now: datetime
) -> Signal:
    """Return the signal that says who really caused `target`.

    It is logged beside its target and takes the target's place in time, so that nothing that came
    later looks late. It binds nobody whom its target doesn't: what anybody can have sent stays so.
    """
    made = _administrative(
        SignalKind.RECLASSIFIED,
        (target.signal_id, actor.value, by),
        target.identifiers,
        {"target": target.signal_id, "actor": actor.value, "reason": reason, "by": by,
         "was": target.actor.value},
        source=source,
        occurred_at=target.occurred_at,
        now=now,
        stated_at=target.stated_at,
    )  # fmt: skip
    return made.model_copy(update={"trust": target.trust})


def merge(left: Identifier, right: Identifier, facts: Facts, *, by: str, now: datetime) -> Signal:
    """Return the signal by which a human says that two identifiers are one person's."""
    return _administrative(
        SignalKind.MERGED, (left.key, right.key, by, now.isoformat()), (left, right),
        {**facts, "by": by}, source=OPERATOR, occurred_at=now, now=now,
    )  # fmt: skip


def separate(
    moved: tuple[Identifier, ...],
    stay: tuple[Identifier, ...],
    suppressed: tuple[str, ...],
    facts: Facts,
    *,
    by: str,
    now: datetime,
) -> tuple[Signal, Signal]:
    """Return the two signals of an unmerge: one goes with each half.

    `moved` leave for a person of their own, `stay` keep the id. Both halves keep what was
    suppressed (`channel:reason`) while they were one: a stop outlives the merge.
    """
    one = tuple(sorted(i.key for i in moved))
    other = tuple(sorted(i.key for i in stay))
    cause = (*one, "|", *other, by, now.isoformat())
    shared: Facts = {**facts, "by": by, "suppressed": suppressed}
    leaves = _administrative(
        SignalKind.UNMERGED, cause, moved, {**shared, "apart_from": other},
        source=OPERATOR, occurred_at=now, now=now,
    )  # fmt: skip
    stays = _administrative(
        SignalKind.KEPT_APART, cause, stay, {**shared, "apart_from": one},
        source=OPERATOR, occurred_at=now, now=now,
    )  # fmt: skip
    return leaves, stays


def keep_apart(
    left: Sequence[Identifier],
    right: Sequence[Identifier],
    facts: Facts,
    *,
    by: str,
    now: datetime,
) -> tuple[Signal, Signal]:
    """Return the two signals by which a human says that two people are never one."""
    one = tuple(sorted(i.key for i in left))
    other = tuple(sorted(i.key for i in right))
    cause = (*one, "|", *other, by, now.isoformat())
    made = [
        _administrative(
            SignalKind.KEPT_APART, (*cause, side), tuple(people),
            {**facts, "by": by, "apart_from": keys},
            source=OPERATOR, occurred_at=now, now=now,
        )
        for side, people, keys in (("left", left, other), ("right", right, one))
    ]  # fmt: skip
    return made[0], made[1]


def request(identifiers: Sequence[Identifier], facts: Facts, *, by: str, now: datetime) -> Signal:
    """Return a privacy request: `request` is suppress, unsuppress, erase or suppress_and_erase."""
    cause = (*sorted(i.key for i in identifiers), str(facts.get("request")), by, now.isoformat())
    return _administrative(
        SignalKind.PRIVACY_REQUESTED, cause, tuple(identifiers), {**facts, "by": by},
        source=OPERATOR, occurred_at=now, now=now,
    )  # fmt: skip


def belongs(
    identifier: Identifier, domain: str, facts: Facts, *, source: str, now: datetime
) -> Signal:
    """Return the signal that says which company somebody meant who only named theirs."""
    made = _administrative(
        SignalKind.ACCOUNT_MATCHED, (identifier.key, domain), (identifier,), facts,
        source=source, occurred_at=now, now=now,
    )  # fmt: skip
    return made.model_copy(update={"company": {"domain": domain}})


def attach(row: Signal, own: Identifier, person: Identifier, facts: Facts, now: datetime) -> Signal:
    """Return the signal by which this system takes a list's row for somebody who is known.

    It stands right behind its row, so that what was said since the list is newer.
    """
    return _administrative(
        SignalKind.ROW_MATCHED, (row.signal_id, person.key), (own, person),
        {**facts, "row": row.signal_id}, source=SYSTEM,
        occurred_at=row.occurred_at + timedelta(microseconds=1), now=now,
    )  # fmt: skip


def close(identifier: Identifier, facts: Facts, *, by: str, now: datetime) -> Signal:
    """Return the signal by which a human says no to what was put to them."""
    return _administrative(
        SignalKind.REVIEW_CLOSED, (identifier.key, str(facts.get("review")), by), (identifier,),
        {**facts, "by": by}, source=OPERATOR, occurred_at=now, now=now,
    )  # fmt: skip


def stop(identifier: Identifier, *, source: str, now: datetime) -> Signal:
    """Return the signal that stops everything for somebody who was erased and has come back."""
    facts: Facts = {"request": "suppress", "channel": "all", "reason": "erased before"}
    return _administrative(
        SignalKind.PRIVACY_REQUESTED, (identifier.key, "erased before"), (identifier,), facts,
        source=source, occurred_at=now, now=now,
    )  # fmt: skip


def _administrative(
    kind: SignalKind,
    causes: tuple[str, ...],
    identifiers: tuple[Identifier, ...],
    facts: Facts,
    *,
    source: str,
    occurred_at: datetime,
    now: datetime,
    stated_at: datetime | None = None,
) -> Signal:
    return Signal(
        signal_id=derive_id("sig", source, kind.value, *causes),
        source=source,
        kind=kind,
        name=kind.value,
        occurred_at=occurred_at,
        received_at=now,
        stated_at=stated_at,
        identifiers=tuple(Identifier(type=i.type, value=i.value) for i in identifiers),
        properties=facts,
        trust=Trust.SIGNED,
        actor=Actor.HUMAN if source == OPERATOR else Actor.MACHINE,
        actor_reason=source,
    )
