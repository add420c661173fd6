"""What a decision would be if some facts were others: before and after, with what follows."""

from dataclasses import dataclass
from typing import Any

from functions.policy.permit import worked_out
from functions.simulation.replay.exact import complete_inputs
from functions.simulation.replay.record import DecisionRecord
from functions.simulation.replay.render import render_choice, render_route
from functions.simulation.replay.what_if import WhatIf
from mos.errors import MalformedError
from mos.model.base import Facts
from mos.model.decision import Decision
from mos.policy.fact_values import render_fact, say_fact

_BASIS, _WITHDRAWN = "person.basis.", "person.withdrawn"
_NOT_PLACED = (
    "Not worked out again: stages, roles and engagement are as they were placed (name them to "
    "change them); caps and past touches as they were; the draw has the same seed."
)


@dataclass(frozen=True)
class Counterfactual:
    """Two decisions from one record: as it was made, and with some facts changed."""

    kept: DecisionRecord
    changes: Facts
    before: Decision
    after: Decision

    @property
    def followed(self) -> dict[str, tuple[str, str]]:
        """Return the facts that policy worked out otherwise, with both values."""
        was, now = self.before.group_facts, self.after.group_facts
        return {
            name: (render_fact(was.get(name)), render_fact(now.get(name)))
            for name in sorted(worked_out(self.kept.bundle) - set(self.changes))
            if was.get(name) != now.get(name)
        }

    @property
    def lines(self) -> list[str]:
        """Return it as one would say it."""
        named = (self.kept.person_id, self.kept.name)
        lines = [f"From {self.before.decision_id}, bundle {self.before.bundle[:12]}:"]
        lines += [
            f"  if {name} were {render_fact(value)}, and not {say_fact(self._was(name))}"
            for name, value in self.changes.items()
        ]
        if self.followed:
            told = (f"{name} {was} → {now}" for name, (was, now) in self.followed.items())
            lines.append(f"Follows: {', '.join(told)}")
        pairs = {
            "Route": (render_route(self.before), render_route(self.after)),
            "Choice": (
                render_choice(self.before, named),
                render_choice(self.after, named),
            ),
        }
        for title, (was, now) in pairs.items():
            lines += [f"{title}: {was}", "  the same" if was == now else f"  → {now}"]
        lines += self.refused
        was, now = self.before.segment, self.after.segment
        if was != now:
            lines.append(f"What was learned is still that of the segment {was}, not of {now}.")
        return [*lines, _NOT_PLACED]

    @property
    def refused(self) -> list[str]:
        """Return why a consent that was supposed changes nothing: a no of the person, say."""
        supposed = {name for name in self.changes if name.startswith(_BASIS)}
        agreed = self.changes.get("person.consents")
        supposed |= {_BASIS + p for p in agreed} if isinstance(agreed, tuple) else set()
        return [
            f"Consent to {one.key} is refused all the same: {one.why} [{one.table}#{one.row}]"
            + (f"; suppose {_WITHDRAWN} without {one.key}, too" if self._said_no(one.key) else "")
            for one in self.after.verdicts
            if one.subject == self.kept.person_id and not one.allowed
            if _BASIS + one.key in supposed
        ]

    def _said_no(self, purpose: str) -> bool:
        held = self.changes.get(_WITHDRAWN, self._was(_WITHDRAWN))
        return isinstance(held, tuple | list) and purpose in held

    @property
    def data(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "decision_id": self.before.decision_id,
            "bundle": self.before.bundle,
            "changed": {
                name: {"was": self._was(name), "now": value} for name, value in self.changes.items()
            },
            "followed": {n: {"was": w, "now": v} for n, (w, v) in self.followed.items()},
            "before": _brief(self.before),
            "after": _brief(self.after),
            "refused": self.refused,
            "placed_again": False,
        }

    def _was(self, name: str) -> Any:  # noqa: ANN401  any fact
        people = {p.person_id: p.facts for p in self.before.people}
        return (self.before.group_facts | people.get(self.kept.person_id, {})).get(name)


def decide_otherwise(kept: DecisionRecord, changes: Facts) -> Counterfactual:
    """Decide again from a record with these facts changed.

    Raises:
        MalformedError: a fact of the person is changed, and the record does not know them.
    """
    known = {person.person_id for person in kept.decision.people}
    if any(name.startswith("person.") for name in changes) and kept.person_id not in known:
        raise MalformedError(f"{kept.person_id} was not in the group when this was decided")
    supposing = WhatIf(complete_inputs(kept), kept.bundle, kept.person_id)
    return Counterfactual(kept, changes, kept.decision, supposing.decide(changes))


def _brief(decision: Decision) -> dict[str, Any]:
    names = {"person_id", "action", "treatment", "channel", "probability", "reason", "held_out"}
    owner = decision.owner or decision.route.owner
    return decision.model_dump(mode="json", include=names | {"route"}) | {"owner": owner}
