"""What every candidate of many groups is worth: `arbitrate.weigh`, column by column. Pure."""

from dataclasses import dataclass

import numpy as np

from functions.decisioning.arbitrate import FACTORS, switched_on
from functions.decisioning.constrain import use_of
from functions.decisioning.gates import facts_of
from functions.decisioning.learned import segment_of
from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Codes, Column, Numbers, ask_many
from functions.simulation.columns.gates import ChoiceColumns, Passed
from functions.simulation.columns.hold_out import find_in_control
from functions.simulation.columns.pack import DEPTH
from functions.simulation.columns.permit import PermittedMany
from functions.simulation.columns.value import count_values
from mos.model.lesson import levels
from mos.policy.action_cost import cost_of
from mos.policy.bundle.bundle import Bundle
from mos.policy.nominate import TABLE as NOMINATE
from mos.policy.nominate import lift_of

_DIGITS = 1e9
_TIE = 1e-3
_LEAST = 1e-3


@dataclass(frozen=True)
class Worth:
    """Per person and choice: priority and doubt in US dollars, the chance and the value behind."""

    priority: Numbers
    doubt: Numbers
    chance: Numbers
    costs: Numbers
    values: Numbers


def weigh_many(part: Part, facts: PermittedMany, gates: Passed, bundle: Bundle) -> Worth:
    """Return what each candidate is worth."""
    on = switched_on(bundle)
    chances, shares, spreads = _learned(part, facts, gates.choices, bundle)
    people = len(part.of)
    table = bundle.table("arbitration/context")
    wanted = {index.name for index in table.columns}
    shared = {n: c.take(part.of) for n, c in facts.facts.items() if n in wanted}
    shared |= {n: c for n, c in part.people.items() if n in wanted}
    shape = (people, len(gates.choices))
    priority, doubt, chance = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    values = np.zeros(shape)
    lifts = _lifts(part, facts, bundle)
    for number, one in enumerate(gates.choices):
        action, treatment = one.action, one.treatment
        own = {"action.consent": Column.flags(gates.basis[:, number])}
        if "action.held_out" in wanted:
            control = find_in_control(part, action.issue, bundle)[part.of]
            own["action.held_out"] = Column.flags(control)
        answers = ask_many(table, shared | own, people, facts_of(action, treatment))
        values[:, number] = count_values(one, part, facts, bundle)
        weights = []
        for answer in answers.told:
            weight = 1.0
            for row in answer.rows:
                weight *= row.then["weight"]
            weights.append(round(weight, 9))
        given = {
            "propensity": rounded(chances[:, number])[part.of],
            "treatment": rounded(shares[:, number])[part.of],
            "context": np.array(weights)[answers.places],
            "value": values[:, number],
            "cost": np.full(people, round(cost_of(action, bundle)[0], 9)),
            "lever": np.full(people, action.lever),
        }
        for name in FACTORS:
            if name not in on:
                given[name] = np.full(people, 0.0 if name == "cost" else 1.0)
        gain = given["propensity"] * given["treatment"] * given["context"] * given["value"]
        lift = np.where(gates.alive[:, number], lifts[part.of], 0.0)
        gain = gain * _nominated(part, one, lift)
        scarce = _scarce(part, one, bundle)[part.of]
        priority[:, number] = rounded((gain - given["cost"]) * given["lever"] - scarce)
        slope = np.abs(given["context"] * given["value"] * given["lever"])
        if "propensity" in on:
            doubt[:, number] = rounded(spreads[part.of, number] * slope)
        chance[:, number] = np.minimum(1.0, chances[part.of, number] * shares[part.of, number])
    costs = np.array([cost_of(c.action, bundle)[0] for c in gates.choices])
    return Worth(priority, doubt, chance, costs, values)


def _lifts(part: Part, facts: PermittedMany, bundle: Bundle) -> Numbers:
    """Return by what share a nomination lifts a gain at most, per decision."""
    if not part.nominated or NOMINATE not in bundle.names("tables"):
        return np.zeros(part.count)
    answers = ask_many(bundle.table(NOMINATE), facts.facts, part.count)
    return np.array([lift_of(a.output) for a in answers.told])[answers.places]


def _nominated(part: Part, one: ChoiceColumns, lifts: Numbers) -> Numbers:
    """Return what a nomination makes of a candidate's gain: one where nobody speaks for it."""
    names = (f"{one.action.name}#{one.treatment.name}", f"{one.action.name}#")
    sure = np.zeros(len(part.of))
    for name in names:
        if name in part.nominated:
            sure = np.fmax(sure, part.nominated[name])
    return rounded(1 + lifts * sure)


def _scarce(part: Part, one: ChoiceColumns, bundle: Bundle) -> Numbers:
    """Return what an attempt pays for what is scarce, per decision: the prices on record."""
    paid = np.zeros(part.count)
    for constraint in bundle.constraints:
        use = use_of(constraint, one.action, bundle)
        if use and constraint.name in part.prices:
            paid = paid + part.prices[constraint.name] * use
    return rounded(paid)


def list_segments(facts: PermittedMany, count: int, bundle: Bundle) -> Column:
    """Return the segment in which each group's outcomes are counted."""
    stated = bundle.parameters.get("learning_levels")
    names = [str(n) for n in stated.value] if stated and isinstance(stated.value, list) else []
    names = names or ["account.icp_tier"]
    keys = np.zeros(count, np.int64)
    held = {n: facts.facts[n] for n in names if n in facts.facts}
    for column in held.values():
        keys = keys * (int(column.coded.max()) + 1 if count else 1) + column.coded
    _, first, places = np.unique(keys, return_index=True, return_inverse=True)
    said = [segment_of({n: c.fact(int(at)) for n, c in held.items()}, bundle) for at in first]
    return Column.of(said).take(places)


def rounded(numbers: Numbers, digits: float = _DIGITS) -> Numbers:
    """Return numbers rounded as Python rounds them to nine digits: ties are decided one by one."""
    scaled = numbers * digits
    whole = np.rint(scaled)
    near = np.flatnonzero(np.abs(np.abs(scaled - np.floor(scaled)) - 0.5) < _TIE)
    found = whole / digits
    places = round(np.log10(digits))
    if len(near):
        found[near] = [round(float(n), places) for n in numbers[near]]
    return np.asarray(found)


def _learned(
    part: Part, facts: PermittedMany, choices: tuple[ChoiceColumns, ...], bundle: Bundle
) -> tuple[Numbers, Numbers, Numbers]:
    """Return each decision's chance of every action, how a treatment does in it, and its spread."""
    named = {str(name): place for place, name in enumerate(part.arm_names.values)}
    segment = list_segments(facts, part.count, bundle)
    shared = _shared_levels(part.segments, segment)
    deep = _depths(segment)
    keys = (part.arms * (DEPTH + 1) + shared) * (DEPTH + 1) + deep
    _, first, back = np.unique(keys, return_index=True, return_inverse=True)
    counts = Counted(
        part.trials[part.arms[first]], part.successes[part.arms[first]], shared[first], deep[first]
    )
    shape = (len(first), len(choices))
    chance, share, spread = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    own: dict[tuple[str, str], tuple[Numbers, Numbers]] = {}
    for number, one in enumerate(choices):
        action = one.action
        pooled = [place for arm, place in named.items() if arm.split("#")[0] == action.name]
        chance[:, number] = counts.shrunk(action.propensity, action.evidence, pooled)[0]
        weights, mixed = np.zeros(len(first)), np.zeros(len(first))
        for treatment in action.treatments:
            key = (action.name, treatment.name)
            places = [named[name]] if (name := f"{key[0]}#{key[1]}") in named else []
            if key not in own:
                start = min(1.0, action.propensity * treatment.propensity)
                own[key] = counts.shrunk(start, action.evidence, places)
            weight = action.evidence + counts.tried(places)
            weights, mixed = weights + weight, mixed + weight * own[key][0]
        mixed = mixed / weights
        mine, spread[:, number] = own[action.name, one.treatment.name]
        share[:, number] = np.where(mixed == 0, 1.0, mine / np.where(mixed == 0, 1.0, mixed))
    return chance[back], share[back], spread[back]


@dataclass(frozen=True)
class Counted:
    """Trials and successes by state, level and arm; how many levels hold, of how many."""

    trials: Numbers
    won: Numbers
    held: Codes
    deep: Codes

    def tried(self, arms: list[int]) -> Numbers:
        """Return the trials of some arms over all segments."""
        found = np.zeros(len(self.held))
        for arm in arms:
            found = found + np.where(self.held > 0, self.trials[:, 0, arm], 0.0)
        return found

    def shrunk(self, start: float, evidence: float, arms: list[int]) -> tuple[Numbers, Numbers]:
        """Return mean and spread: `Learned._shrunk`, state by state."""
        count = len(self.held)
        mean, variance = np.full(count, start), np.zeros(count)
        for level in range(DEPTH):
            there = level < self.deep
            variance = np.where(there, variance + mean * (1 - mean) / (evidence + 1), variance)
            tried, good = np.zeros(count), np.zeros(count)
            for arm in arms:
                tried = tried + self.trials[:, level, arm]
                good = good + self.won[:, level, arm]
            counts = (tried > 0) & (level < self.held) & there
            mean = np.where(counts, (mean * evidence + good) / (evidence + tried), mean)
            noise = np.maximum(_LEAST, mean * (1 - mean)) / np.where(counts, tried, 1.0)
            both = np.where(counts, variance + noise, 1.0)
            variance = np.where(counts, variance * noise / both, variance)
        return np.clip(mean, 0.0, 1.0), np.sqrt(variance)


def _depths(segment: Column) -> Codes:
    """Return how many levels each segment's path has."""
    deep = [min(DEPTH, len(levels(str(value)))) for value in segment.values]
    return np.array(deep, np.int64)[segment.coded]


def _shared_levels(recorded: Column, now: Column) -> Codes:
    """Return how many levels of a recorded segment's path still hold; others have no counts."""
    keys = recorded.coded * max(1, len(now.values)) + now.coded
    _, first, places = np.unique(keys, return_index=True, return_inverse=True)
    said = []
    for at in first:
        was, is_ = levels(str(recorded.fact(int(at)))), levels(str(now.fact(int(at))))
        same = [a == b for a, b in zip(was, is_, strict=False)]
        said.append(same.index(False) if False in same else len(same))
    return np.minimum(np.array(said, np.int64), DEPTH)[places]
