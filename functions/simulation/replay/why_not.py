"""Why somebody was not given an action, treatment by treatment, and what would have turned it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from functions.decisioning.gates import REST
from functions.simulation.replay.exact import complete_inputs
from functions.simulation.replay.flip import Flips
from functions.simulation.replay.lever import TRIES, find_action_flips, find_route_flips
from functions.simulation.replay.record import DecisionRecord
from functions.simulation.replay.render import (
    render_choice,
    render_person,
    render_route,
    render_worth,
)
from functions.simulation.replay.what_if import WhatIf
from mos.errors import MissingError
from mos.model.action import Candidate, Fall
from mos.model.decision import Decision, said_chance
from mos.policy.consent import explain_fall
from mos.policy.fact_values import say_dollars, say_fact


@dataclass(frozen=True)
class WhyNot:
    """One action and one person in a record: where each treatment fell, or by what it lost."""

    kept: DecisionRecord
    action: str
    candidates: tuple[Candidate, ...]
    chosen: Candidate
    flips: Flips | None

    @cached_property
    def decision(self) -> Decision:
        """Return the record."""
        return self.kept.decision

    @property
    def was_chosen(self) -> bool:
        """Say whether the action was done after all."""
        return self.chosen in self.candidates

    @property
    def lines(self) -> list[str]:
        """Return it as one would say it."""
        named = (self.kept.person_id, self.kept.name)
        whose = render_person(None if self.action in REST else named[0], named)
        verb = "Chosen" if self.was_chosen else "Not"
        lines = [f"{verb}: {self.action} for {whose} [{self.decision.decision_id}]"]
        lines += [f"  {self._told(one)}" for one in self.candidates]
        if not self.candidates:
            lines.append(f"  no candidate: {self._absent}")
        if not self.was_chosen:
            lines.append(f"Chosen: {render_choice(self.decision, named)}")
            lines.append(f"  its worth: {render_worth(self.chosen)}")
        lines.append(f"Route: {render_route(self.decision, why=True)}")
        if self.flips is not None:
            lines.append(f"{self.action} would have the highest priority if: {self.flips.said}")
        elif not self.was_chosen:
            lines.append(f"No fact turns this: {self.decision.reason}")
        return lines

    @property
    def data(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "decision_id": self.decision.decision_id,
            "bundle": self.decision.bundle,
            "person_id": self.kept.person_id,
            "action": self.action,
            "was_chosen": self.was_chosen,
            "treatments": [
                one.model_dump(mode="json") | {"condition": self._condition(one.fell)}
                for one in self.candidates
            ],
            "chosen": self.chosen.model_dump(mode="json"),
            "reason": self.decision.reason,
            "route": self.decision.route.model_dump(mode="json"),
            "flips": dump_flips(self.flips) if self.flips else None,
        }

    @property
    def _absent(self) -> str:
        if self.action == "wait_until":
            return "no action of worth was stopped by a cap or a recent repeat"
        return "nobody of this group is a candidate for it"

    def _told(self, one: Candidate) -> str:
        what = f"{one.treatment} ({one.channel})"
        if one.fell:
            fell = one.fell
            asked = ", ".join(f"{n} is {said}" for n, said in self._condition(fell).items())
            found = ", ".join(f"{name} = {say_fact(v)}" for name, v in fell.facts.items())
            cites = f"[gates/{fell.gate.value}#{fell.row}: {asked}; found {found}]"
            why = explain_fall(one, self.decision, self.kept.bundle)
            return f"{what} fell at {fell.gate.value}: {why} {cites}"
        worth = f"{what} passed every gate: {render_worth(one)}, p = {said_chance(one.probability)}"
        if one.outranked:
            return f"{worth}; outranked: what is {one.outranked} goes before all others"
        if one == self.chosen or self.decision.held_out or self.decision.correction:
            return worth
        ahead, mine = self.chosen.priority or 0, one.priority or 0
        if mine > ahead:
            return f"{worth}; worth more than what was chosen, which was explored"
        if mine == ahead:
            return f"{worth}; worth the same as what was chosen, which came first"
        return f"{worth}; short of what was chosen by {say_dollars(ahead - mine)}"

    def _condition(self, fell: Fall | None) -> dict[str, str]:
        """Return the cells of the row at which a candidate fell."""
        if fell is None:
            return {}
        rows = self.kept.bundle.page(f"gates/{fell.gate.value}").rows
        return next((row.cells for row in rows if row.id == fell.row), {})


def explain_why_not(kept: DecisionRecord, action: str, most: int = TRIES) -> WhyNot:
    """Return why the person asked about was not given an action.

    Raises:
        MissingError: the catalogue has no such action, or the record does not know the person.
    """
    was = kept.decision
    if action not in kept.bundle.actions:
        raise MissingError(f"action {action!r}: the catalogue has {', '.join(kept.bundle.actions)}")
    person = None if action in REST else kept.person_id
    if person and person not in {p.person_id for p in was.people}:
        raise MissingError(f"{person} in {was.decision_id}: they joined the group later")
    mine = [c for c in was.candidates if (c.person_id, c.action) == (person, action)]
    chosen = next(
        c
        for c in was.candidates
        if (c.person_id, c.action, c.treatment) == (was.person_id, was.action, was.treatment)
    )
    flips = None
    if chosen not in mine and not was.held_out and not was.correction:
        flips = find_action_flips(action, _supposing(kept), most)
    return WhyNot(kept, action, tuple(mine), chosen, flips)


def find_near_routes(kept: DecisionRecord, most: int = TRIES) -> dict[str, Flips]:
    """Return the smallest flip to each other route that one or two facts lead to."""
    found = find_route_flips(_supposing(kept), most)
    return {to: flips for to, flips in found.items() if flips.found}


def render_near_routes(found: dict[str, Flips], decision: Decision) -> str:
    """Return the routes that were almost taken: `almost ae if account.employees ≥ 200`."""
    said = "; ".join(f"{to} if {flips.said}" for to, flips in found.items())
    cites = f"[routing/route#{decision.route.row}, {decision.decision_id}]"
    return f"Almost: {said} {cites}" if said else f"Almost: no other route is near {cites}"


def dump_flips(flips: Flips) -> dict[str, Any]:
    """Return flips as JSON: what is said, and one change of facts that does it."""
    return {
        "facts_changed": flips.size,
        "flips": [{"said": flip.said, "facts": flip.facts} for flip in flips.found],
        "tried": flips.tried,
        "cases": flips.of,
    }


def _supposing(kept: DecisionRecord) -> WhatIf:
    return WhatIf(complete_inputs(kept), kept.bundle, kept.person_id)
