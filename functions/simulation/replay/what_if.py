"""A recorded decision's inputs with some facts changed: permitted again, decided again. Pure."""

from dataclasses import dataclass
from functools import cached_property

from functions.decisioning.decide import Known, held_out_of, ranked, room_of
from functions.decisioning.gates import REST, judge, options
from functions.decisioning.replay import known, permitted, replay
from functions.policy.limits import limits_of
from functions.policy.permit import own_facts, supposed_facts, verdicts_on, worked_out
from functions.policy.route import route_of
from mos.events import ActionsPermitted
from mos.model.base import Facts
from mos.model.decision import Decision, PersonFacts, Route, Verdict
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.challenge import seen_by

_CONSENT = ("person.consents", "person.withdrawn", "person.suppressed", "person.country")
_BASIS = "person.basis."
SUPPOSED = "supposed"


@dataclass(frozen=True)
class WhatIf:
    """One record, the bundle it was made under, and the person whose own facts may change.

    Placing is not done again: stages, roles and engagement are as they were recorded, unless they
    are changed by name.
    """

    decision: Decision
    bundle: Bundle
    person_id: str

    @cached_property
    def _own(self) -> Facts:
        return own_facts(self.decision.group_facts, self.bundle)

    @cached_property
    def _derived(self) -> frozenset[str]:
        return worked_out(self.bundle)

    @cached_property
    def _known(self) -> Known:
        return known(self.decision)

    @cached_property
    def _settings(self) -> Bundle:
        return seen_by(self.decision.challenges, self.bundle)

    def facts(self, changes: Facts) -> Facts:
        """Return the group's facts with these changes and all that policy works out from them."""
        shared = {n: v for n, v in changes.items() if not n.startswith("person.")}
        held = {n: v for n, v in shared.items() if n in self._derived}
        return supposed_facts(self._own | shared, held, self.decision.decided_at, self.bundle)

    def route_to(self, changes: Facts) -> str:
        """Return who would take the group."""
        facts = self.facts(changes)
        table = self.bundle.table_for("routing/route", facts).value
        return str(changes.get("route.to") or self.bundle.table(table).evaluate(facts).output["to"])

    def event(self, changes: Facts) -> ActionsPermitted:
        """Return what policy would permit."""
        facts = self.facts(changes)
        facts.pop("route.to", None)
        route = _held(route_of(facts, self.decision.account_id, self.bundle), changes)
        facts |= {"route.to": route.to}
        people = tuple(self._person(p, changes) for p in self.decision.people)
        return permitted(self.decision).model_copy(
            update={
                "group_facts": facts,
                "people": people,
                "route": route,
                "verdicts": self._verdicts(people, changes),
                "limits": limits_of(facts, people, self.bundle),
            }
        )

    def decide(self, changes: Facts) -> Decision:
        """Return the decision, drawn with the same seed."""
        event = self.event(changes)
        inputs = {name: getattr(event, name) for name in _INPUTS}
        return replay(self.decision.model_copy(update=inputs), self.bundle)

    def wins(self, action: str, changes: Facts) -> bool:
        """Say whether an action for this person has the highest priority, before any draw."""
        event = self.event(changes)
        still = action in REST
        if not still and not self._passes(action, event):
            return False
        alive, _ = ranked(event, self._known, self._settings)
        best = max(alive, key=lambda one: one.priority or 0)
        return best.action == action and (still or best.person_id == self.person_id)

    def _passes(self, action: str, event: ActionsPermitted) -> bool:
        me = tuple(p for p in event.people if p.person_id == self.person_id)
        return any(
            judge(one, room_of(event, self._known, self._settings), self._settings).fell is None
            for one in options(
                me,
                event.group_facts,
                event.verdicts,
                self.bundle,
                event.occurred_at,
                held_out_of(event.account_id, self.bundle),
            )
            if one.action.name == action
        )

    def _person(self, person: PersonFacts, changes: Facts) -> PersonFacts:
        own = {n: v for n, v in changes.items() if n.startswith("person.")}
        if person.person_id != self.person_id or not own:
            return person
        return person.model_copy(update={"facts": person.facts | own})

    def _verdicts(self, people: tuple[PersonFacts, ...], changes: Facts) -> tuple[Verdict, ...]:
        # The record may mask what consent was asked of: ask again only where that has changed.
        if not any(name in _CONSENT or name.startswith(_BASIS) for name in changes):
            return self.decision.verdicts
        changed = [p for p in people if p.person_id == self.person_id]
        others = (v for v in self.decision.verdicts if v.subject != self.person_id)
        return (*others, *verdicts_on(changed, self.bundle))


_INPUTS = ("group_facts", "people", "route", "verdicts", "limits")


def _held(route: Route, changes: Facts) -> Route:
    if "route.to" not in changes:
        return route
    return Route(to=str(changes["route.to"]), row=SUPPOSED, why="supposed, not asked")
