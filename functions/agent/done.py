"""What was done outside, and how much of it can be taken back: found by decision, person, name."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from functions.agent.by_day import list_by_day
from functions.agent.compensate import is_undone
from functions.agent.counted import suggest_names
from functions.agent.delivery_notes import NO_NOTE, DeliveryNote, read_notes
from functions.agent.notices import find_notice, find_notice_delivery, open_waiting
from functions.agent.subject import person
from functions.agent.tool import Desk
from mos.errors import MissingError
from mos.model.base import derive_id
from mos.model.decision import FOUND_BY_DAY, Decision
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.ledger import Entry, Op

_MOST_IDS = 100
_NO_TOUCH = "none"


class Way(StrEnum):
    """What an undo can do about a delivery: `take_back` it, `stop` it before it leaves, nothing.

    `try` is for one of which nobody noted whether its channel takes it back; `asked` waits for its
    provider, `undone` is taken back.
    """

    TAKE_BACK = "take_back"
    TRY = "try"
    STOP = "stop"
    ASKED = "asked"
    UNDONE = "undone"
    CANNOT = "cannot"
    NOTHING = "nothing"


OPEN = frozenset({Way.TAKE_BACK, Way.TRY, Way.STOP})
"""What is still to be put in."""


@dataclass(frozen=True)
class Done:
    """One action: its decision, what was done about it if anything, and what is noted about it."""

    action_id: str
    decision: Decision | None
    delivery: Delivery | None
    note: DeliveryNote = NO_NOTE

    @property
    def way(self) -> Way:
        """Return what an undo can do about it."""
        one = self.delivery
        if one is None or one.status in (DeliveryStatus.RETRY, DeliveryStatus.CLAIMED):
            return Way.STOP if self.note.stopped is None else Way.ASKED
        if is_undone(one):
            return Way.UNDONE
        if one.status not in (DeliveryStatus.SENT, DeliveryStatus.UNKNOWN):
            return Way.NOTHING
        if self.note.is_noted:
            return Way.ASKED
        if one.can_undo is None:
            return Way.TRY
        return Way.TAKE_BACK if one.can_undo else Way.CANNOT


def find_decided(decision_id: str, desk: Desk) -> list[Done]:
    """Return what was done about a decision; nothing where it touches nobody.

    Raises:
        MissingError: there is no such decision.
    """
    record = desk.tables("decisions").get(f"DECISION#{decision_id}", "DECISION")
    if record is None:
        raise MissingError(
            f"decision {decision_id!r}: write the whole id, as `recent` and `why` name it"
        )
    return _of_decisions([Decision.parse(record.body)], desk)


def find_delivered(action_id: str, desk: Desk) -> list[Done]:
    """Return one delivery.

    Raises:
        MissingError: nothing was delivered under this id.
    """
    record = desk.tables("actions").get(f"ACTION#{action_id}", "DELIVERY")
    if record is None:
        raise MissingError(f"delivery {action_id!r}: write the whole id, as `outbox` names it")
    return _look([Done(action_id, None, Delivery.parse(record.body))], desk)


def find_told(notice_id: str, desk: Desk) -> list[Done]:
    """Return the message by which a colleague is told of a broken promise.

    Raises:
        MissingError: there is no such notice, or it is kept no longer and never left.
    """
    sent = find_notice_delivery(notice_id, desk)
    if sent is None and (notice := find_notice(notice_id, desk)):
        sent = open_waiting(notice)
    if sent is None:
        raise MissingError(f"notice {notice_id!r}: write the whole id, as `outbox` names it")
    return _look([Done(sent.action_id, None, sent)], desk)


def find_personal(subject: str, since: datetime | None, desk: Desk) -> list[Done]:
    """Return what was done for somebody, under every id that they had, newest first.

    Raises:
        MissingError: nobody is known by this name, or they were erased.
    """
    ids = _list_ids(person(subject, desk).profile_id, desk)
    table = desk.tables("actions")
    pointers = [r for one in ids for r in table.query(f"PERSON#{one}", prefix="ACTION#")]
    keys = [(pointer.sk, "DELIVERY") for pointer in pointers]
    held = table.get_many(list(dict.fromkeys(keys))) if keys else {}
    found = [Delivery.parse(record.body) for record in held.values() if record.body]
    wanted = [d for d in found if since is None or d.at >= since]
    return _look([Done(d.action_id, None, d) for d in wanted], desk)


def find_campaign(name: str, since: datetime, desk: Desk) -> tuple[list[Done], bool]:
    """Return what an action, or a treatment, of a name did since, and whether that is all.

    Raises:
        MissingError: the bundle has none of that name, and none was decided since.
    """
    first = desk.now - FOUND_BY_DAY
    decisions, complete = list_by_day(max(since, first), desk)
    complete = complete and since >= first
    found = [d for d in decisions if name in (d.action, d.treatment)]
    actions = desk.bundle(None).actions
    names = {*actions, *(t.name for a in actions.values() for t in a.treatments)}
    if not found and name not in names:
        hint = suggest_names(name, names, "`policy` lists them; a person is named as elsewhere")
        raise MissingError(f"action called {name!r}: {hint}")
    return _of_decisions(found, desk), complete


def days_before(now: datetime, days: int) -> datetime:
    """Return the moment so many days before."""
    return now - timedelta(days=days)


def _of_decisions(decisions: Iterable[Decision], desk: Desk) -> list[Done]:
    touching = {derive_id("act", d.decision_id): d for d in decisions if d.channel != _NO_TOUCH}
    keys = [(f"ACTION#{one}", "DELIVERY") for one in touching]
    held = desk.tables("actions").get_many(keys) if keys else {}
    read = {key: Delivery.parse(record.body) for (key, _), record in held.items() if record.body}
    return _look([Done(o, d, read.get(f"ACTION#{o}")) for o, d in touching.items()], desk)


def _look(found: list[Done], desk: Desk) -> list[Done]:
    """Return them with what is noted about them already, newest first."""
    notes = read_notes([one.action_id for one in found], desk)
    looked = [replace(one, note=notes.get(one.action_id, NO_NOTE)) for one in found]
    return sorted(looked, key=lambda one: (_at(one), one.action_id), reverse=True)


def _at(one: Done) -> datetime:
    if one.delivery is not None:
        return one.delivery.at
    assert one.decision is not None  # noqa: S101  one of the two is what it was found by
    return one.decision.decided_at


def _list_ids(profile_id: str, desk: Desk) -> list[str]:
    """Return every id under which somebody was known; who has left them is somebody else."""
    table, own = desk.tables("identity"), list[str]()
    seen, ask = set[str](), [profile_id]
    while ask and len(seen) < _MOST_IDS:
        one = ask.pop()
        if one in seen:
            continue
        seen.add(one)
        if not _leads_to(one, profile_id, desk):
            continue
        own.append(one)
        for record in table.query(f"PERSON#{one}", prefix="LEDGER#2"):
            entry = Entry.parse(record.body)
            if entry.op in (Op.MERGE, Op.UNMERGE):
                ask += entry.people
    return own


def _leads_to(one: str, profile_id: str, desk: Desk) -> bool:
    try:
        return person(one, desk).profile_id == profile_id
    except MissingError:
        return False
