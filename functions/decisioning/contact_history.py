"""What was done to a group, to its people under every id of theirs, and to its account.

Windows are asked of moments, never of so many of the latest records: a rule that says two weeks
means two weeks, however much was decided in them.

decisions: `TOUCHES#<subject>/…` (see `touches.py`). `GROUP#<id>/COUNTED` says since when every
decision of a group is noted with its person; older ones are looked up in the group's own list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.decisioning.touches import BY_HUMAN, TAKEN_BACK, Lately
from mos.events import ActionsPermitted
from mos.model.account import SharedTouches
from mos.model.base import Facts
from mos.model.decision import HORIZON, Decision, PersonFacts
from mos.model.former import FormerId
from mos.model.touched import Touched
from mos.ports import Count, Record, Save, Table

_COUNTED = "COUNTED"
_FACTS = {BY_HUMAN: "hours_since_handoff", TAKEN_BACK: "hours_since_taken_back"}
_MIRRORED = 20
"""Under how many former ids it is noted as well what was done to somebody now."""
Moments = Mapping[tuple[str, str], Sequence[datetime]]
"""When something was done, by person and action."""


@dataclass(frozen=True)
class ContactHistory:
    """All of it, read once for a run. `counted` is the group's mark, if it has one."""

    event: ActionsPermitted
    lately: Mapping[str, Lately]
    older: Moments
    counted: Record | None

    @classmethod
    def read(cls, table: Table, event: ActionsPermitted, reps: Iterable[str]) -> "ContactHistory":
        """Read what a run may ask about."""
        former = [one.person_id for person in event.people for one in person.former]
        groups = [SharedTouches(group_id=event.group_id), *event.shared]
        subjects = {event.account_id, *event.joined_accounts, *former}
        subjects |= {g.group_id for g in groups} | {p.person_id for p in event.people}
        subjects |= {f"rep:{rep}" for rep in reps}
        lately = {subject: Lately.read(table, subject) for subject in sorted(subjects)}
        marks = table.get_many([(f"GROUP#{g.group_id}", _COUNTED) for g in groups])
        older: dict[tuple[str, str], list[datetime]] = {}
        for group in groups:
            mark = marks.get((f"GROUP#{group.group_id}", _COUNTED))
            for person, action, at in _read_older(table, group, mark, event.occurred_at):
                older.setdefault((person, action), []).append(at)
        counted = marks.get((f"GROUP#{event.group_id}", _COUNTED))
        return cls(event, lately, older, counted)

    def touches(self, subject: str) -> list[Touched]:
        """Return the touches that count for a subject: its own, and those of who is one with it."""
        found = list(self._of(subject).touches)
        for other, holds in self._others(subject):
            found += [touch for touch in self._of(other).touches if holds.holds(touch.at)]
        return found

    def hours_since(self) -> dict[str, float]:
        """Return how long ago each action was done to each person, by `person|action`."""
        found = {}
        for person in self.event.people:
            ids = (FormerId(person_id=person.person_id), *person.former)
            names = {name for one in ids for name in self._of(one.person_id).last}
            names |= {action for who, action in self.older if any(who == i.person_id for i in ids)}
            for name in sorted(names - set(_FACTS)):
                moments = [at for one in ids for at in self._moments(one, name)]
                if moments:
                    found[f"{person.person_id}|{name}"] = self.hours_ago(max(moments))
        return found

    def with_handoffs(self) -> ActionsPermitted:
        """Return the event with how long ago each level was last handed over, and taken back.

        They are `person.hours_since_handoff` and `person.hours_since_taken_back`, `group.…` and
        `account.…`; nobody's are left out.
        """
        event = self.event
        group = self._handoff("group", event.group_id) | self._handoff("account", event.account_id)
        people = []
        for person in event.people:
            own = self._handoff("person", person.person_id)
            people.append(
                person.model_copy(update={"facts": person.facts | own}) if own else person
            )
        if not group and people == list(event.people):
            return event
        facts = event.group_facts | group
        return event.model_copy(update={"group_facts": facts, "people": tuple(people)})

    def changes(self, decision: Decision, *, by_human: bool, touches: bool) -> list[Save | Count]:
        """Return what notes a decision with its person, as parts of its transaction.

        An action is noted under the person's former ids as well: whoever lives under one of those
        by a later unmerge, or in a run that began before the merge, was reached by it. What a
        machine sends holds only while no human has taken the person meanwhile.
        """
        at, found = decision.decided_at, list[Save | Count]()
        if self.counted is None:
            tags = {"since": at.isoformat()}
            found.append(Save(Record(f"GROUP#{decision.group_id}", _COUNTED, tags=tags)))
        if decision.person_id is None:
            return found
        for subject, names in list_noted(decision, by_human=by_human).items():
            found += [self._of(subject).note(name, at) for name in names]
        if touches and not by_human:
            found.append(self._of(decision.person_id).guard(at))
        return found

    def _of(self, subject: str) -> Lately:
        return self.lately.get(subject) or Lately(f"TOUCHES#{subject}", {})

    def _others(self, subject: str) -> Sequence[tuple[str, FormerId | SharedTouches]]:
        event = self.event
        if subject == event.group_id:
            return [(one.group_id, one) for one in event.shared]
        if subject == event.account_id:
            return [(one, FormerId(person_id=one)) for one in event.joined_accounts]
        person = next((p for p in event.people if p.person_id == subject), None)
        return [(one.person_id, one) for one in person.former] if person else []

    def _moments(self, one: FormerId, action: str) -> list[datetime]:
        noted = [*self._of(one.person_id).moments(action)]
        noted += self.older.get((one.person_id, action), ())
        return [at for at in noted if one.holds(at)]

    def _handoff(self, level: str, subject: str) -> Facts:
        facts: Facts = {}
        for what, name in _FACTS.items():
            moments = self._of(subject).moments(what)
            for other, holds in self._others(subject):
                moments += [at for at in self._of(other).moments(what) if holds.holds(at)]
            if moments:
                facts[f"{level}.{name}"] = self.hours_ago(max(moments))
        return facts

    def hours_ago(self, at: datetime) -> float:
        """Return how many hours a moment lies before the run's."""
        return round((self.event.occurred_at - at).total_seconds() / 3600, 3)


def list_noted(decision: Decision, *, by_human: bool) -> dict[str, list[str]]:
    """Return what is noted of a decision with whom: its person, also under their former ids.

    What a human does is noted with the group and the account too.
    """
    person = next((p for p in decision.people if p.person_id == decision.person_id), None)
    if person is None:
        return {}
    ids = [person.person_id, *_living(person)[:_MIRRORED]]
    noted = {one: [decision.action] for one in ids}
    for subject in (*ids, decision.group_id, decision.account_id) if by_human else ():
        noted.setdefault(subject, []).append(BY_HUMAN)
    return noted


def _living(person: PersonFacts) -> list[str]:
    """Return the former ids that lead to a person now."""
    return [one.person_id for one in person.former if one.until is None]


def _read_older(
    table: Table, group: SharedTouches, mark: Record | None, at: datetime
) -> Iterable[tuple[str, str, datetime]]:
    """Yield what a group's list says was done to whom before it was noted with them."""
    since = at - HORIZON
    until = datetime.fromisoformat(mark.tags["since"]) if mark else at
    if until < since:
        return
    # The decision that made the mark is noted itself, and may have been taken out again.
    last = f"DECISION#{until.isoformat()}" if mark else "DECISION#~"
    first = f"DECISION#{since.isoformat()}"
    for record in table.between(f"GROUP#{group.group_id}", first, last):
        when = datetime.fromisoformat(record.tags["decided_at"])
        if "person" in record.tags and group.holds(when):
            yield record.tags["person"], record.tags["action"], when
