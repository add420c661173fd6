"""Where lessons are kept.

lessons: `GROUP#<id>/TOUCH#<at>#<decision>`, `CREDIT#<signal>/CREDIT`, `REWARD#<decision>/REWARD`,
`ARM#<segment>/<action>#<treatment>` with the numbers `trials` and `successes`.
`journal.py` counts what guardrails are about. `TOUCHED#<day>#<part>/<group>` lists who was
touched, `SPEND#<day>#<part>/<channel>#<what>` counts touches, impressions and what they cost.
`ACTION#<id>/OPEN` is a touch of which nobody knew whether it left, `…/LEFT` or `…/NEVER_LEFT` what
a receipt has proved.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from functions.learning.journal import write_count
from mos.errors import ConflictError
from mos.model.base import derive_id
from mos.model.lesson import (
    MILLIONTHS,
    Credit,
    Outcome,
    Touch,
    levels,
    place_of_spend,
    place_of_touched,
)
from mos.ports import Count, Record, Save, Table

SUCCESS = "success"
_LEFT, _NEVER_LEFT = "LEFT", "NEVER_LEFT"
_OPEN_KEPT = timedelta(days=90)


class Lessons:
    """This layer's own table."""

    def __init__(self, table: Table, now: datetime) -> None:
        self._table, self._now = table, now

    def touches(self, group_id: str) -> list[Touch]:
        """Return every touch of a group that left, the earliest first."""
        records = self._table.query(f"GROUP#{group_id}", prefix="TOUCH#")
        found = [Touch.parse(record.body) for record in records]
        return [touch for touch in found if not touch.never_left]

    def credited(self, signal_id: str) -> Credit | None:
        """Return the credit that a signal's outcome has had already."""
        record = self._table.get(f"CREDIT#{signal_id}", "CREDIT")
        return Credit.parse(record.body) if record else None

    def save_touch(self, touch: Touch) -> bool:
        """Store a touch and count its trial, once; say whether it was new."""
        sort = f"TOUCH#{touch.at.isoformat()}#{touch.decision_id}"
        self._table.put_new(Record(place_of_touched(touch.at, touch.group_id), touch.group_id))
        changes: list[Save | Count] = [
            Save(Record(f"GROUP#{touch.group_id}", sort, touch.canonical())),
            *_counted(touch, "trials"),
            *_spent(touch),
            *(
                c
                for what in (*touch.brings, SUCCESS)
                for c in self._guarded(touch, of(what), touch.at)
            ),
        ]
        return self._once(changes, derive_id("tx", "touch", touch.decision_id))

    def uncount(self, touch: Touch) -> None:
        """Count a trial down, once: it never left. Its record stays, and nothing is credited to it.

        Raises:
            ConflictError: somebody else is writing it.
        """
        sort = f"TOUCH#{touch.at.isoformat()}#{touch.decision_id}"
        record = self._table.get(f"GROUP#{touch.group_id}", sort)
        held = Touch.parse(record.body) if record else None
        if record is None or held is None or held.never_left:
            return
        gone = held.model_copy(update={"never_left": True})
        names = [of(what) for what in (*held.brings, SUCCESS)]
        changes: list[Save | Count] = [
            Save(replace(record, body=gone.canonical())),
            *_counted(held, "trials", amount=-1),
            *_spent(held, -1),
            *(c for name in names for c in self._guarded(held, name, held.at, amount=-1)),
        ]
        self._table.transact(changes, derive_id("tx", "uncount", touch.decision_id))

    def keep_open(self, touch: Touch) -> None:
        """Keep a touch of which nobody knows whether it left; it counts once that is proved.

        Of whom it is about nothing is kept here.
        """
        bare = touch.model_copy(update={"person_id": None})
        ends = int((touch.at + _OPEN_KEPT).timestamp())
        key = f"ACTION#{touch.action_id}"
        self._table.put_new(Record(key, "OPEN", bare.canonical(), expires_at=ends))

    def find_open(self, action_id: str) -> Touch | None:
        record = self._table.get(f"ACTION#{action_id}", "OPEN")
        return Touch.parse(record.body) if record else None

    def keep_proof(self, action_id: str, *, has_left: bool) -> None:
        """Keep that a delivery left, or that it did not."""
        self._table.put_new(Record(f"ACTION#{action_id}", _LEFT if has_left else _NEVER_LEFT))

    def find_proof(self, action_id: str) -> bool | None:
        """Return whether a delivery is proved to have left, or not to have; None for neither."""
        key = f"ACTION#{action_id}"
        found = self._table.get_many([(key, _LEFT), (key, _NEVER_LEFT)])
        return (key, _NEVER_LEFT) not in found if found else None

    def save_credit(self, credit: Credit) -> bool:
        """Store a credit and count its success, once per signal and once per decision."""
        signal = credit.outcome.signal_id
        tags = {"decision": credit.decision_id}
        kept = Save(Record(f"CREDIT#{signal}", "CREDIT", credit.canonical(), tags=tags))
        listed = Save(
            Record(f"DECISION#{credit.decision_id}", f"CREDIT#{signal}", credit.canonical())
        )
        if credit.reward <= 0:
            kind = credit.outcome.kind.value
            counted = self._guarded(credit, kind, _touched(credit))
            return self._once([kept, listed, *counted], derive_id("tx", "credit", signal))
        rewarded: list[Save | Count] = [
            kept,
            listed,
            Save(Record(f"REWARD#{credit.decision_id}", "REWARD", tags={"signal": signal})),
            *_counted(credit, "successes"),
            *self._guarded(credit, SUCCESS, _touched(credit)),
        ]
        if self._once(rewarded, derive_id("tx", "reward", signal)):
            return True
        # The decision had its reward already: keep the credit without counting it again.
        return self._once([kept, listed], derive_id("tx", "credit", signal))

    def refuse(self, outcome: Outcome, at: datetime) -> None:
        """Remember that a signal's outcome must not be credited, as was said at a moment."""
        tags = {"at": at.isoformat()}
        self._table.put_new(Record(f"CREDIT#{outcome.signal_id}", "REFUSED", tags=tags))

    def is_refused(self, outcome: Outcome, heard_at: datetime) -> bool:
        """Say whether an outcome that was heard of then was refused at that moment or later."""
        held = self._table.get(f"CREDIT#{outcome.signal_id}", "REFUSED")
        said = held.tags.get("at") if held else None
        return held is not None and (said is None or datetime.fromisoformat(said) >= heard_at)

    def retract(self, credit: Credit, cause: str) -> Credit:
        """Take a credit back, once: its success is counted down, and a true one may follow."""
        signal, decision = credit.outcome.signal_id, credit.decision_id
        reward = self._table.get(f"REWARD#{decision}", "REWARD")
        earned = reward is not None and reward.tags.get("signal") == signal
        back = credit.model_copy(
            update={"retracted": True, "reward": 0.0, "reward_taken": credit.reward}
        )
        if not credit.retracted:
            changes = self._rewritten(back)
            if earned:
                changes += _counted(credit, "successes", amount=-1)
                changes += self._guarded(credit, SUCCESS, _touched(credit), amount=-1)
            self._once(changes, derive_id("tx", "retract", signal, cause))
        if earned:
            self._table.delete(f"REWARD#{decision}", "REWARD")
        return back

    def restore(self, credit: Credit, cause: str) -> Credit:
        """Let a credit that was taken back count again, once."""
        if not credit.retracted:
            return credit
        signal, decision = credit.outcome.signal_id, credit.decision_id
        again = credit.model_copy(
            update={"retracted": False, "reward": credit.reward_taken, "reward_taken": 0.0}
        )
        changes = self._rewritten(again)
        rewarded: list[Save | Count] = [
            *changes,
            Save(Record(f"REWARD#{decision}", "REWARD", tags={"signal": signal})),
            *_counted(credit, "successes"),
            *self._guarded(credit, SUCCESS, _touched(credit)),
        ]
        is_due = again.reward > 0
        if not (is_due and self._once(rewarded, derive_id("tx", "restore", signal, cause))):
            # The decision has had another reward since: this one stays uncounted.
            self._once(changes, derive_id("tx", "uncounted", signal, cause))
        return again

    def _rewritten(self, credit: Credit) -> list[Save | Count]:
        signal = credit.outcome.signal_id
        places = [
            (f"CREDIT#{signal}", "CREDIT"),
            (f"DECISION#{credit.decision_id}", f"CREDIT#{signal}"),
        ]
        held = self._table.get_many(places)
        return [Save(replace(held[place], body=credit.canonical())) for place in places]

    def _guarded(
        self, cause: Touch | Credit, what: str, touched_at: datetime, amount: int = 1
    ) -> list[Count]:
        """Return the count for guardrails; records from before bundles were kept have none."""
        if not cause.bundle:
            return []
        times = (touched_at, self._now)
        return [write_count(cause.bundle, cause.account_id, what, times, amount)]

    def _once(self, changes: list[Save | Count], token: str) -> bool:
        try:
            self._table.transact(changes, token)
        except ConflictError:
            return False
        return True


def of(what: str) -> str:
    """Return under which name the touches are counted that could have had an outcome."""
    return f"of:{what}"


def _counted(cause: Touch | Credit, number: str, amount: int = 1) -> list[Count]:
    """Return the counts of an arm: in its segment and in every one above it."""
    arm = f"{cause.action}#{cause.treatment}"
    return [Count(f"ARM#{level}", arm, number, amount) for level in levels(cause.segment)]


def _spent(touch: Touch, sign: int = 1) -> list[Count]:
    """Return the counts of what a touch cost and showed, by its day and channel."""
    numbers = {
        "touches": 1,
        "usd_millionths": round(touch.cost * MILLIONTHS),
        "impressions": round(touch.impressions),
    }
    place = place_of_spend(touch.at, touch.decision_id)
    return [
        Count(place, f"{touch.channel}#{name}", "count", sign * number)
        for name, number in numbers.items()
        if number
    ]


def _touched(credit: Credit) -> datetime:
    """Return when the touch was made: of a credit of before that was kept, when it came."""
    return credit.touched_at or credit.outcome.at
