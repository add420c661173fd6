"""The ledger: decisions, and the touches that budgets count, written in the same transaction.

decisions: `DECISION#<id>/DECISION`, `GROUP#<id>/DECISION#<decided_at>#<id>`,
`TOUCHES#<group, person or rep>/RECENT`; `market.py` keeps what is scarce for everybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from functions.decisioning import budget
from functions.decisioning.gates import Past, line_of
from functions.decisioning.market import Market
from mos.model.base import canonical, derive_id
from mos.model.constraint import Constraint
from mos.model.decision import HORIZON, Arm, Decision, Limit, Route
from mos.model.lesson import levels
from mos.ports import Count, Record, Save, Table

_RECENT = 40
_TOUCHES = "TOUCHES#"
_KEPT = "RECENT"


@dataclass(frozen=True)
class Held:
    """What the ledger knows of a group, and the records that a touch would change."""

    past: Past
    records: Mapping[str, Record]


class Ledger:
    """This layer's own table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.market = Market(table)

    def find(self, decision_id: str) -> Decision | None:
        record = self._table.get(f"DECISION#{decision_id}", "DECISION")
        return Decision.parse(record.body) if record else None

    def held(
        self,
        group_id: str,
        people: list[str],
        limits: tuple[Limit, ...],
        route: Route,
        at: datetime,
        load_hours: float,
        constraints: Sequence[Constraint] = (),
    ) -> Held:
        """Return what was done to this group lately, how full caps are and how busy reps."""
        caps = budget.counters(limits, group_id, people)
        reps = [rep for rep, _ in line_of(route)]
        subjects = {budget.subject_of(key) for key in caps} | {f"rep:{rep}" for rep in reps}
        records = self._touches({group_id, *people, *subjects})
        touches = {subject: budget.parse(record.body) for subject, record in records.items()}
        used, opens = dict[str, int](), dict[str, float]()
        for key, limit in caps.items():
            count, hours = budget.used(touches[budget.subject_of(key)], limit, at)
            if count:
                used[key] = count
            if hours is not None:
                opens[key] = hours
        window = timedelta(hours=load_hours)
        loads = {
            rep: sum(at - touch.at < window for touch in touches[f"rep:{rep}"]) for rep in reps
        }
        hours_since = self._hours_since(group_id, at)
        busy = {rep: count for rep, count in loads.items() if count}
        volumes, prices = self.market.of(constraints, at)
        return Held(Past(used, hours_since, opens, busy, volumes, prices), records)

    def _touches(self, subjects: Iterable[str]) -> dict[str, Record]:
        places = {f"{_TOUCHES}{subject}": subject for subject in subjects}
        found = self._table.get_many([(pk, _KEPT) for pk in places])
        return {
            subject: found.get((pk, _KEPT), Record(pk, _KEPT)) for pk, subject in places.items()
        }

    def _hours_since(self, group_id: str, at: datetime) -> dict[tuple[str, str], float]:
        recent = self._table.query(
            f"GROUP#{group_id}", prefix="DECISION#", newest_first=True, limit=_RECENT
        )
        since: dict[tuple[str, str], float] = {}
        for record in recent:
            when = datetime.fromisoformat(record.tags["decided_at"])
            hours = round((at - when).total_seconds() / 3600, 3)
            since.setdefault((record.tags.get("person", ""), record.tags["action"]), hours)
        return since

    def record(
        self,
        decision: Decision,
        execution: str | None,
        held: Held,
        *,
        touches: bool,
        rep: bool,
        uses: Sequence[tuple[Constraint, float]] = (),
    ) -> None:
        """Store the decision and what it uses up, all or nothing.

        Raises:
            ConflictError: the decision is stored already, or another run has touched the group,
                the person or the rep meanwhile: look again.
            LimitReachedError: another run has used the last of a constraint: look again.
        """
        tags = {
            "decided_at": decision.decided_at.isoformat(),
            "action": decision.action,
            "decision": decision.decision_id,
        }
        if decision.person_id:
            tags["person"] = decision.person_id
        if execution:
            tags["execution"] = execution
        key = f"DECISION#{decision.decision_id}"
        sort = f"DECISION#{decision.decided_at.isoformat()}#{decision.decision_id}"
        changes: list[Save | Count] = [
            Save(Record(key, "DECISION", decision.canonical(), tags=tags)),
            Save(Record(f"GROUP#{decision.group_id}", sort, tags=tags)),
        ]
        if touches:
            changes += self._used_up(decision, held, rep=rep)
        changes += self.market.changes(decision, uses)
        token = derive_id("tx", canonical([decision.decision_id, tags]), _versions(changes))
        self._table.transact(changes, token)

    def _used_up(self, decision: Decision, held: Held, *, rep: bool) -> list[Save]:
        subjects = {decision.group_id, decision.person_id or decision.group_id}
        if rep and decision.owner:
            subjects.add(f"rep:{decision.owner}")
        at = decision.decided_at
        touch = budget.Touched(at, decision.channel)
        expires_at = int((at + HORIZON).timestamp())
        saves = []
        for subject in sorted(subjects):
            record = held.records.get(subject, Record(f"{_TOUCHES}{subject}", _KEPT))
            body = budget.text_of((*budget.parse(record.body), touch), at)
            saves.append(Save(replace(record, body=body, expires_at=expires_at)))
        return saves


def _versions(changes: Iterable[Save | Count]) -> str:
    """Return what makes a second try, which has looked again, another transaction."""
    return canonical([c.record.version for c in changes if isinstance(c, Save)])


class Arms:
    """What learning has counted, read only: `ARM#<segment>/<action>#<treatment>`."""

    def __init__(self, lessons: Table) -> None:
        self._lessons = lessons

    def of(self, segment: str) -> tuple[Arm, ...]:
        """Return the counts of a segment and of all above it."""
        found = []
        for level in levels(segment):
            for record in self._lessons.query(f"ARM#{level}"):
                action, _, treatment = record.sk.partition("#")
                found.append(
                    Arm(
                        segment=level,
                        action=action,
                        treatment=treatment,
                        trials=int(record.numbers.get("trials", 0)),
                        successes=record.numbers.get("successes", 0.0),
                    )
                )
        return tuple(found)
