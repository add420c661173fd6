"""Count a touch in the day in which it leaves, not in that of its decision.

decisions: `DECISION#<id>/MOVED` says at which moment a decision's touch is counted now, and when
that was known.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from functions.decisioning import budget
from functions.decisioning.touches import Lately
from mos.errors import ConflictError, ContendedError
from mos.events import TouchMoved
from mos.model.action import Action
from mos.model.base import derive_id
from mos.model.decision import HORIZON, Decision
from mos.model.touched import Touched, parse_touches, write_touches
from mos.policy.bundle.bundle import Bundle
from mos.ports import Record, Save, Table

_TRIES = 20
_MOVED, _GIVEN_BACK = "MOVED", "GIVEN_BACK"
_AT, _SAID_AT = "leaves_at", "said_at"


def move_touch(event: TouchMoved, ledger: Table, load: Callable[[str], Bundle]) -> TouchMoved:
    """Take the touch of a decision to the moment at which it leaves, or is planned to.

    That of its person, group and account: its rep has it since it was decided, and a repeat counts
    from then on. Said twice it is done once, and what was known earlier changes nothing any more.
    What has come back stays so.

    Raises:
        ConflictError: other runs were at the same places each time; the bus asks again.
    """
    key = f"DECISION#{event.decision_id}"
    for attempt in range(_TRIES):
        found = ledger.get(key, "DECISION")
        if found is None or ledger.get(key, _GIVEN_BACK) is not None:
            return event
        held = ledger.get(key, _MOVED) or Record(key, _MOVED)
        if held.tags and datetime.fromisoformat(held.tags[_SAID_AT]) >= event.occurred_at:
            return event
        decision = Decision.parse(found.body)
        action = load(decision.bundle).actions[decision.action]
        tags = {_AT: event.leaves_at.isoformat(), _SAID_AT: event.occurred_at.isoformat()}
        note = Record(key, _MOVED, version=held.version, tags=tags)
        changes = [Save(note), *_move(decision, action, ledger, event.leaves_at)]
        try:
            ledger.transact(changes, derive_id("tx", "moved", event.event_id, str(attempt)))
        except (ConflictError, ContendedError):
            continue
        return event
    raise ConflictError(key)


def read_counted_at(decision: Decision, ledger: Table) -> datetime:
    """Return at which moment the touch of a decision is counted: that of the decision, or later."""
    held = ledger.get(f"DECISION#{decision.decision_id}", _MOVED)
    return datetime.fromisoformat(held.tags[_AT]) if held else decision.decided_at


def make_touch(decision: Decision, action: Action, at: datetime) -> Touched:
    """Return the touch of a decision as it is kept."""
    made = Touched(at, decision.channel, action.contact_weight)
    [kept] = parse_touches(write_touches([made], at, HORIZON))
    return kept


def _move(decision: Decision, action: Action, ledger: Table, at: datetime) -> Iterable[Save]:
    if not action.touches:
        return
    before = make_touch(decision, action, read_counted_at(decision, ledger))
    after = make_touch(decision, action, at)
    for subject in sorted(budget.shares(decision, rep=False)):
        save = Lately.read(ledger, subject).move(before, after)
        if save is not None:
            yield save
