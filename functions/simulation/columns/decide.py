"""Decide many recorded decisions again under a bundle, with the facts as known then. Pure."""

from dataclasses import dataclass

import numpy as np

from functions.decisioning.gates import REST
from functions.simulation.columns.archive import Part
from functions.simulation.columns.draw import DrawnMany, draw_many
from functions.simulation.columns.engine import Codes, Flags
from functions.simulation.columns.gates import ChoiceColumns, Passed, judge_many
from functions.simulation.columns.hold_out import find_held_out
from functions.simulation.columns.permit import PermittedMany, permit_many
from functions.simulation.columns.weigh import Worth, weigh_many
from mos.policy.bundle.bundle import Bundle


@dataclass(frozen=True)
class DecidedMany:
    """What a bundle makes of a part: where each candidate fell, what it is worth, what is drawn."""

    part: Part
    bundle: Bundle
    known: PermittedMany
    gates: Passed
    worth: Worth
    drawn: DrawnMany
    held_out: Flags

    @property
    def choice(self) -> Codes:
        """Return the number of the chosen treatment; those that touch nobody come last."""
        wide = self.sizes * len(self.gates.choices)
        place = self.drawn.place
        own = place % max(1, len(self.gates.choices))
        return np.asarray(np.where(place < wide, own, len(self.gates.choices) + place - wide))

    @property
    def person(self) -> Codes:
        """Return the chosen person's place in the group, -1 where nobody is touched."""
        wide = self.sizes * len(self.gates.choices)
        place = self.drawn.place
        return np.asarray(np.where(place < wide, place // max(1, len(self.gates.choices)), -1))

    @property
    def sizes(self) -> Codes:
        """Return how many people each group has."""
        return np.bincount(self.part.of, minlength=self.part.count)

    @property
    def names(self) -> list[tuple[str, str]]:
        """Return the action and treatment that each number of `choice` stands for."""
        return list_names(self.gates.choices, self.bundle)


def decide_many(
    part: Part, bundle: Bundle, base: Bundle, model: "DecidedMany | None" = None
) -> DecidedMany:
    """Return what a bundle makes of recorded decisions; `base` is the one they were made by.

    With `model`, what is expected of a candidate is what that one expects, so that a bundle cannot
    promise itself more by raising its own figures.
    """
    facts = permit_many(part, bundle)
    gates = judge_many(part, facts, bundle, base)
    value = weigh_many(part, facts, gates, bundle)
    control = find_held_out(part, bundle)
    belief = _belief(gates.choices, value, model)
    made = draw_many(part, gates, belief, log_choices(part, gates.choices, bundle), control, bundle)
    return DecidedMany(part, bundle, facts, gates, value, made, control)


def _belief(choices: tuple[ChoiceColumns, ...], own: Worth, model: DecidedMany | None) -> Worth:
    """Return chances, values and costs as the model has them, where it knows the choice."""
    if model is None:
        return own
    number = {name: place for place, name in enumerate(model.names)}
    chance, values, costs = own.chance.copy(), own.values.copy(), own.costs.copy()
    for place, one in enumerate(choices):
        at = number.get((one.action.name, one.treatment.name))
        if at is not None and at < len(model.gates.choices):
            chance[:, place] = model.worth.chance[:, at]
            values[:, place], costs[place] = model.worth.values[:, at], model.worth.costs[at]
    return Worth(own.priority, own.doubt, chance, costs, values)


def list_names(choices: tuple[ChoiceColumns, ...], bundle: Bundle) -> list[tuple[str, str]]:
    """Return action and treatment of each choice, and of the two that touch nobody."""
    own = [(c.action.name, c.treatment.name) for c in choices]
    return own + [(name, bundle.actions[name].treatments[0].name) for name in REST]


def log_choices(part: Part, choices: tuple[ChoiceColumns, ...], bundle: Bundle) -> Codes:
    """Return the place of each recorded choice among this bundle's candidates, -1 for none."""
    number = {name: place for place, name in enumerate(list_names(choices, bundle))}
    actions, treatments = part.chosen_action, part.chosen_treatment
    keys = actions.coded * len(treatments.values) + treatments.coded
    _, first, places = np.unique(keys, return_index=True, return_inverse=True)
    said = [
        number.get((str(actions.fact(int(at))), str(treatments.fact(int(at)))), -1) for at in first
    ]
    own = np.array(said, np.int64)[places]
    wide = np.bincount(part.of, minlength=part.count) * len(choices)
    touched = np.where(part.chosen_person >= 0, part.chosen_person * len(choices) + own, -1)
    rest = wide + own - len(choices)
    return np.asarray(np.where(own < 0, -1, np.where(own < len(choices), touched, rest)))
