"""The ledger: decisions, and the contact budgets that are used in the same transaction.

decisions: `DECISION#<id>/DECISION`, `GROUP#<id>/DECISION#<decided_at>#<id>`,
`BUDGET#<counter>/<window>`.
"""

from datetime import datetime

from functions.decisioning.gates import Past, caps
from mos.model.base import canonical, derive_id
from mos.model.decision import Arm, Decision, Limit
from mos.ports import Count, Record, Save, Table

_RECENT = 40


class Ledger:
    """This layer's own table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, decision_id: str) -> Decision | None:
        record = self._table.get(f"DECISION#{decision_id}", "DECISION")
        return Decision.parse(record.body) if record else None

    def past(
        self, group_id: str, people: list[str], limits: tuple[Limit, ...], at: datetime
    ) -> Past:
        """Return what was done to this group lately, and how much of each cap is used."""
        recent = self._table.query(
            f"GROUP#{group_id}", prefix="DECISION#", newest_first=True, limit=_RECENT
        )
        since: dict[tuple[str, str], float] = {}
        for record in recent:
            when = datetime.fromisoformat(record.tags["decided_at"])
            hours = round((at - when).total_seconds() / 3600, 3)
            since.setdefault((record.tags.get("person", ""), record.tags["action"]), hours)
        counters = {
            key: f"{key}@{_window(limit, at)}"
            for person in people
            for limit_channel in {limit.channel for limit in limits}
            for key, limit in caps(limits, group_id, person, limit_channel)
        }
        wanted = [(f"BUDGET#{key}", str(name.rpartition("@")[2])) for key, name in counters.items()]
        found = self._table.get_many(wanted)
        used = {pk.removeprefix("BUDGET#"): int(r.numbers["used"]) for (pk, _), r in found.items()}
        return Past(used=used, hours_since=since)

    def record(self, decision: Decision, execution: str | None, *, touches: bool) -> None:
        """Store the decision and use up its budgets, all or nothing.

        Raises:
            LimitReachedError: another decision took the last room of a cap meanwhile.
            ConflictError: the decision is stored already.
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
            changes += self._budgets(decision)
        self._table.transact(changes, derive_id("tx", canonical([decision.decision_id, tags])))

    def _budgets(self, decision: Decision) -> list[Count]:
        touched = dict[str, Limit]()
        # Two rows may cap one counter: it is counted once, against the stricter of them.
        for key, limit in caps(
            decision.limits, decision.group_id, decision.person_id, decision.channel
        ):
            touched[key] = min(touched.get(key, limit), limit, key=lambda one: one.at_most)
        return [
            Count(
                pk=f"BUDGET#{key}",
                sk=str(_window(limit, decision.decided_at)),
                number="used",
                at_most=limit.at_most,
                expires_at=(_window(limit, decision.decided_at) + 2) * limit.window_hours * 3600,
            )
            for key, limit in touched.items()
        ]


class Arms:
    """What learning has counted, read only: `ARM#<segment>/<action>#<treatment>`."""

    def __init__(self, lessons: Table) -> None:
        self._lessons = lessons

    def of(self, segment: str) -> tuple[Arm, ...]:
        found = []
        for record in self._lessons.query(f"ARM#{segment}"):
            action, _, treatment = record.sk.partition("#")
            found.append(
                Arm(
                    segment=segment,
                    action=action,
                    treatment=treatment,
                    trials=int(record.numbers.get("trials", 0)),
                    successes=record.numbers.get("successes", 0.0),
                )
            )
        return tuple(found)


def _window(limit: Limit, at: datetime) -> int:
    """Return the number of the fixed window that a moment falls in."""
    return int(at.timestamp() // (limit.window_hours * 3600))
