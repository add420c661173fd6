"""Give back what a decision took of budgets and caps, where nothing of it stands outside.

decisions: `DECISION#<id>/GIVEN_BACK`, written in the transaction that gives it back: once.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from functions.decisioning import budget
from functions.decisioning.contact_history import list_noted
from functions.decisioning.gates import HUMAN
from functions.decisioning.market import give_cells_back
from functions.decisioning.move_touch import make_touch, read_counted_at
from functions.decisioning.touches import BY_HUMAN, TAKEN_BACK, Lately
from mos.errors import ConflictError, ContendedError
from mos.events import ActionUnsent
from mos.model.action import Action
from mos.model.base import canonical, derive_id
from mos.model.decision import Decision
from mos.policy.bundle.bundle import Bundle
from mos.ports import Count, Moment, Record, Save, Table

_TRIES = 20
_GIVEN_BACK = "GIVEN_BACK"
_REP = "rep:"


def give_back(
    event: ActionUnsent, moment: Moment, ledger: Table, load: Callable[[str], Bundle]
) -> ActionUnsent:
    """Take out the touch of a decision that never left, or was taken back with proof.

    It is taken out of its person, group, account and rep. Its action counts as never done, and
    what it used of the business's limits is free again while their window lasts. Said twice it is
    done once. Who took the account last stays: whom it was taken from nobody kept.

    Raises:
        ConflictError: other runs were at the same places each time; the bus asks again.
    """
    key = f"DECISION#{event.decision_id}"
    for _ in range(_TRIES):
        record = ledger.get(key, "DECISION")
        if record is None or ledger.get(key, _GIVEN_BACK) is not None:
            return event
        decision = Decision.parse(record.body)
        action = load(decision.bundle).actions[decision.action]
        tags = {"why": event.why[:200], "at": moment.now.isoformat()}
        changes: list[Save | Count] = [
            Save(Record(key, _GIVEN_BACK, tags=tags)),
            *_take_out(decision, action, ledger, event.taken_back_at),
            *give_cells_back(ledger, record.tags, moment.now),
        ]
        try:
            ledger.transact(changes, derive_id("tx", "back", canonical([event.decision_id, tags])))
        except (ConflictError, ContendedError):
            continue
        return event
    raise ConflictError(key)


def _take_out(
    decision: Decision, action: Action, ledger: Table, taken_back_at: datetime | None
) -> Iterable[Save]:
    """Yield what takes the touch, and that the action was done, out again.

    Of a hand-off that a word of ours took back the action stays noted, and that it was taken back
    is noted where it was: what a colleague took away is not made anew at once.
    """
    by_human = action.group == HUMAN
    at = decision.decided_at
    counted = make_touch(decision, action, read_counted_at(decision, ledger))
    touched = set(budget.shares(decision, rep=by_human)) if action.touches else set()
    noted = list_noted(decision, by_human=by_human)
    for subject in sorted({*touched, *noted}):
        lately = Lately.read(ledger, subject)
        # A rep has had it since it was decided; the others as long as it was to leave.
        touch = make_touch(decision, action, at) if subject.startswith(_REP) else counted
        found = [lately.without(touch)] if subject in touched else []
        for what in noted.get(subject, ()):
            if what == BY_HUMAN or taken_back_at is None:
                found.append(lately.unnote(what, at))
            if what == BY_HUMAN and taken_back_at is not None:
                found.append(lately.note(TAKEN_BACK, taken_back_at))
        yield from (save for save in found if save is not None)
