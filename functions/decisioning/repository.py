"""The ledger: decisions, and the touches that budgets count, written in the same transaction.

decisions: `DECISION#<id>/DECISION`, `GROUP#<id>/DECISION#<decided_at>#<id>`, and for some weeks
`DAY#<date>#<part>/<decided_at>#<id>`, by which the latest are found, and
`OUTGOING#<hour>#<part>/<recorded at>#<id>`, by which what nobody carried out is found.
`contact_history.py` keeps whom we touched, `keeper.py` who took an account last, `market.py` what
is scarce for everybody, `give_back.py` what came back, `move_touch.py` what leaves later.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from functions.decisioning import budget
from functions.decisioning.contact_history import ContactHistory
from functions.decisioning.gates import HUMAN
from functions.decisioning.keeper import RepWindows, count_handed, keep_rep, key_of, read_keeper
from functions.decisioning.market import Market, Used, note_cells
from functions.decisioning.touches import Lately
from functions.decisioning.turn import line_of
from mos.events import ActionsPermitted
from mos.model.action import Action
from mos.model.base import canonical, derive_id, point
from mos.model.constraint import Constraint
from mos.model.decision import FOUND_BY_DAY, HORIZON, Arm, Decision, day_of, outgoing_of
from mos.model.lesson import levels
from mos.model.past import Past
from mos.model.touched import Touched
from mos.ports import Count, Record, Save, Table


@dataclass(frozen=True)
class Held:
    """What the ledger knows of a group, and the records that a touch would change.

    `event` is the run's, with what was done lately as facts. `attempt` is the how manyeth look this
    is: a run that met another chooses other places.
    """

    event: ActionsPermitted
    past: Past
    history: ContactHistory
    used: Mapping[str, Used] = field(default_factory=dict)
    load_window: timedelta = HORIZON
    keeper: Record | None = None
    attempt: int = 0


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
        event: ActionsPermitted,
        windows: RepWindows,
        constraints: Sequence[Constraint] = (),
    ) -> Held:
        """Return what was done to this group lately, how full caps are and how busy reps.

        What was done to the groups that are `shared` with it counts as done to it, what was done to
        people under their former ids as done to them.
        """
        route, at, group_id = event.route, event.occurred_at, event.group_id
        people = [person.person_id for person in event.people]
        caps = budget.counters(event.limits, group_id, people, event.account_id)
        reps = [rep for rep, _ in line_of(route)]
        history = ContactHistory.read(self._table, event, reps)
        used, exactly, opens = dict[str, int](), dict[str, float](), dict[str, float]()
        for key, limit in caps.items():
            subject = budget.subject_of(key)
            calendar = event.calendars.get(subject)
            count, hours = budget.used(history.touches(subject), limit, at, calendar)
            if count:
                used[key] = ceil(count)
            if count != ceil(count):
                exactly[key] = count
            if hours is not None:
                opens[key] = hours
        handed = {rep: [touch.at for touch in history.touches(f"rep:{rep}")] for rep in reps}
        since = route.day_since
        kept = self._table.get(*key_of(event.account_id, route)) if reps else None
        keeper = read_keeper(kept, at - windows.keeps)
        own = {group_id, *(group.group_id for group in event.shared)}
        scarce = self.market.read(constraints, at)
        volumes, prices = self.market.of(constraints, scarce, at)
        past = Past(
            used=used,
            opens=opens,
            hours_since=history.hours_since(),
            loads=count_handed(handed, lambda when: at - when < windows.load),
            today=count_handed(handed, lambda when: since is not None and when >= since),
            keeper=keeper.rep if keeper else None,
            keeper_hours=history.hours_ago(keeper.at) if keeper else None,
            keeper_decisions=keeper.of(own) if keeper else (),
            volumes=volumes,
            prices=prices,
            used_exactly=exactly,
        )
        return Held(history.with_handoffs(), past, history, scarce, windows.load, kept)

    def record(
        self,
        decision: Decision,
        execution: str | None,
        held: Held,
        *,
        action: Action,
        made_at: datetime,
        uses: Sequence[tuple[Constraint, float]] = (),
    ) -> None:
        """Store the decision and what it uses up, all or nothing. `action` is the one decided on.

        By `made_at`, the clock on the wall, it is found again where nobody carries it out.

        Raises:
            ConflictError: the decision is stored already, or another run has written the same
                place of the group, the person or the rep meanwhile: look again.
            ContendedError: another run is writing the same place right now: look again.
            LimitReachedError: another run has used the last of a constraint, or has handed the
                person to a human: look again.
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
        drawn = point(decision.decision_id, str(held.attempt))
        scarce = self.market.changes(decision, uses, held.used, drawn)
        took = note_cells(scarce)
        changes: list[Save | Count] = [
            Save(Record(key, "DECISION", decision.canonical(), tags=tags | took)),
            Save(Record(f"GROUP#{decision.group_id}", sort, tags=tags)),
            Save(_dated(decision)),
        ]
        rep = action.group == HUMAN
        changes += held.history.changes(decision, by_human=rep, touches=action.touches)
        if action.touches:
            changes += self._used_up(decision, held, action.contact_weight, rep=rep)
        if rep and decision.owner:
            changes.append(keep_rep(decision, held.keeper))
        if decision.channel != "none":
            changes.append(Save(_outgoing(decision, made_at)))
        changes += scarce
        token = derive_id("tx", canonical([decision.decision_id, tags]), _versions(changes))
        self._table.transact(changes, token)

    def _used_up(self, decision: Decision, held: Held, weight: float, *, rep: bool) -> list[Save]:
        touch = Touched(decision.decided_at, decision.channel, weight)
        saves = []
        for subject, share in sorted(budget.shares(decision, rep=rep).items()):
            lately = held.history.lately.get(subject) or Lately.read(self._table, subject)
            drawn = point(decision.decision_id, subject, str(held.attempt))
            kept = HORIZON
            if subject.startswith("rep:"):
                # A rep's are many: twice the window lets it be doubled, and nothing is forgotten.
                kept = min(HORIZON, max(2 * held.load_window, timedelta(days=1)))
            saves.append(lately.add(touch, share.places, share.room, drawn, kept))
        return saves


def _dated(decision: Decision) -> Record:
    """Return the record by which a decision is found by its day."""
    place = day_of(decision.decided_at, decision.decision_id)
    kept = decision.decided_at + FOUND_BY_DAY
    return Record(
        place,
        f"{decision.decided_at.isoformat()}#{decision.decision_id}",
        tags={"decision": decision.decision_id},
        expires_at=int(kept.timestamp()),
    )


def _outgoing(decision: Decision, made_at: datetime) -> Record:
    """Return the record by which it is found whether a decision was carried out."""
    tags = {"decision": decision.decision_id, "until": decision.expires_at.isoformat()}
    if decision.needs_approval:
        tags["needs_approval"] = "yes"
    return Record(
        outgoing_of(made_at, decision.decision_id),
        f"{made_at.isoformat()}#{decision.decision_id}",
        tags=tags,
        expires_at=int((max(made_at, decision.expires_at) + FOUND_BY_DAY).timestamp()),
    )


def _versions(changes: Iterable[Save | Count]) -> str:
    """Return what makes a second try, which has looked again, another transaction."""
    return canonical(
        [c.record.version if isinstance(c, Save) else [c.pk, c.at_most] for c in changes]
    )


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
