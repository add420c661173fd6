"""Send every candidate of many groups through the gates. Pure.

A candidate is a person × an action's treatment: a table's rows for one treatment read few facts of
the person and the group, so each gate is asked once per combination that occurs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from functions.decisioning.constrain import use_of
from functions.decisioning.gates import CONTENT_OK, HUMAN, REASSIGNED, REST, facts_of
from functions.decisioning.rest import (
    HANDOFFS,
    SINCE,
    SOONEST,
    UNKNOWN_HOURS,
    end_of,
    until_open,
)
from functions.simulation.columns.agree import find_agreed
from functions.simulation.columns.archive import Part
from functions.simulation.columns.budget import Caps, count_caps
from functions.simulation.columns.content import find_content_ok, find_language_ok
from functions.simulation.columns.engine import Codes, Column, Flags, Numbers, ask_many
from functions.simulation.columns.hold_out import find_in_control
from functions.simulation.columns.permit import PermittedMany
from functions.simulation.columns.place import same
from mos.model.action import Action, Gate, Treatment
from mos.model.base import Facts
from mos.model.consent import Purpose
from mos.policy.asset_language import LANGUAGE_OK
from mos.policy.bundle.bundle import Bundle
from mos.policy.consent import TABLE as CONSENT
from mos.policy.consent import consent_to
from mos.policy.quiet import HOLIDAY, HOUR, QUIET

GATES = tuple(Gate)
_ALIVE = len(GATES)


@dataclass(frozen=True)
class ChoiceColumns:
    """One action and treatment of the catalogue."""

    action: Action
    treatment: Treatment


@dataclass(frozen=True)
class Passed:
    """Per person and choice: the gate at which it fell (4: none), and its row there.

    `rows` names the distinct rows by gate and number; `hours` is after how long time alone would
    free what fell at the last gate, NaN for all others. `basis` says who may be touched for it.
    """

    choices: tuple[ChoiceColumns, ...]
    gate: NDArray[np.int8]
    hours: Numbers
    basis: Flags
    unknown_caps: Flags

    @property
    def alive(self) -> Flags:
        """Return which candidates passed every gate."""
        return np.asarray(self.gate == _ALIVE)


def list_choices(bundle: Bundle) -> tuple[ChoiceColumns, ...]:
    """Return every treatment of every action that touches somebody, in the catalogue's order."""
    return tuple(
        ChoiceColumns(action, treatment)
        for name, action in bundle.actions.items()
        if name not in REST
        for treatment in action.treatments
    )


def judge_many(part: Part, facts: PermittedMany, bundle: Bundle, base: Bundle) -> Passed:
    """Return where each candidate fell."""
    choices = list_choices(bundle)
    people = len(part.of)
    shared = {name: column.take(part.of) for name, column in facts.facts.items()}
    shared.pop(REASSIGNED, None)
    shared |= dict(part.people)
    allowed = _allowed(part, bundle, base)
    uses = {(c.treatment.channel, c.action.contact_weight) for c in choices}
    caps = count_caps(part, facts, bundle, uses)
    shared |= {f"{scope}.touches_left": left for scope, left in caps.left.items()}
    rep_full = Column.flags(_rep_full(part, facts, bundle, base)[part.of])
    issues = {one.action.issue for one in choices}
    controls = {i: Column.flags(find_in_control(part, i, bundle)[part.of]) for i in issues}
    shape = (people, len(choices))
    gate, hours = np.full(shape, _ALIVE, np.int8), np.full(shape, np.nan)
    basis = np.ones(shape, bool)
    for number, one in enumerate(choices):
        agreed = find_agreed(part, one.action, allowed, bundle)
        own, constants = _asked(part, one, caps, agreed, rep_full)
        own["action.held_out"] = controls[one.action.issue]
        own[CONTENT_OK] = Column.flags(find_content_ok(part, one.treatment, bundle)[part.of])
        own[LANGUAGE_OK] = Column.flags(find_language_ok(part, one.action, one.treatment, bundle))
        own["action.over_volume"] = Column.flags(_over_volume(part, one, bundle)[part.of])
        if agreed is not None:
            basis[:, number] = agreed
        alive = np.arange(people)
        for place, name in enumerate(GATES):
            table = bundle.table(f"gates/{name.value}")
            wanted = {i.name for i in table.columns}
            here = {n: c.take(alive) for n, c in (shared | own).items() if n in wanted}
            answers = ask_many(table, here, len(alive), constants)
            ok = answers.flags("allow")
            fallen = alive[~ok]
            gate[fallen, number] = place
            if name is Gate.CONTACT_POLICY:
                rows = [a.row_id for a in answers.told]
                at = answers.places[~ok]
                known = Falling(part, shared, caps, bundle)
                hours[fallen, number] = _hours(rows, at, fallen, one, known)
            alive = alive[ok]
    return Passed(choices, gate, hours, basis, caps.unknown)


def _over_volume(part: Part, one: ChoiceColumns, bundle: Bundle) -> Flags:
    """Return where a constraint on the whole business had no room for this action."""
    full = np.zeros(part.count, bool)
    for constraint in bundle.constraints:
        if one.action.name in constraint.actions:
            used = part.volumes.get(constraint.name, np.zeros(part.count))
            full |= used + use_of(constraint, one.action, bundle) > constraint.at_most
    return full


def _asked(
    part: Part, one: ChoiceColumns, caps: Caps, agreed: Flags | None, rep_full: Column
) -> tuple[dict[str, Column], Facts]:
    """Return the facts of a candidate that differ by person, and those that do not."""
    action, treatment = one.action, one.treatment
    own = {}
    constants = facts_of(action, treatment)
    if agreed is None:
        constants["action.consent"] = True
    else:
        own["action.consent"] = Column.flags(agreed)
    if action.touches:
        use = (treatment.channel, action.contact_weight)
        own["action.over_limit"] = Column.flags(caps.full[use])
    else:
        constants["action.over_limit"] = False
    if action.group == HUMAN:
        own["action.rep_full"] = rep_full
    if action.group == HUMAN and (reassigned := part.group.get(REASSIGNED)) is not None:
        own[REASSIGNED] = reassigned.take(part.of)
    else:
        constants[REASSIGNED] = False
    if action.name in part.since:
        own["action.hours_since_same"] = Column(numbers=part.since[action.name])
    return own, constants


def _allowed(part: Part, bundle: Bundle, base: Bundle) -> Mapping[str, Flags]:
    """Return whether each person may be touched for each purpose.

    Consent is asked again only where its table has changed: records may mask what it reads.
    """
    if bundle.page(CONSENT) == base.page(CONSENT):
        return part.allowed
    count, found = len(part.of), {}
    for purpose in Purpose:
        flags = [
            consent_to("", {n: c.fact(i) for n, c in part.people.items()}, purpose, bundle).allowed
            for i in range(count)
        ]
        found[purpose.value] = np.array(flags, bool)
    return found


def _rep_full(part: Part, facts: PermittedMany, bundle: Bundle, base: Bundle) -> Flags:
    """Return where everybody in line was full: known for the line that was recorded."""
    if all(_same(name, bundle, base) for name in ("routing/reps", "routing/named_accounts")):
        alike = same(facts.pool, part.route_pool) & same(facts.to, part.route_to)
        return np.asarray(part.rep_full & alike)
    return np.zeros(part.count, bool)


def _same(name: str, one: Bundle, other: Bundle) -> bool:
    held = [name in bundle.names("tables") for bundle in (one, other)]
    if not all(held):
        return not any(held)
    return one.page(name) == other.page(name)


@dataclass(frozen=True)
class Falling:
    """What is known where candidates fell at the last gate; `facts` are by person."""

    part: Part
    facts: Mapping[str, Column]
    caps: Caps
    bundle: Bundle

    def numbers(self, name: str, people: Codes) -> Numbers:
        """Return a fact that is a number, of some people; NaN where it is not known."""
        column = self.facts.get(name)
        if column is None:
            return np.full(len(people), np.nan)
        said = [column.fact(int(at)) for at in people]
        return np.array([v if isinstance(v, int | float) else np.nan for v in said], np.float64)

    def until_open(self, channel: str, people: Codes) -> Numbers:
        """Return in how many hours it is quiet no more where each person is, as policy said.

        Where a record of before 2026-12 doesn't say, by the hour there: asked once for each hour.
        """
        stated = self.numbers(f"{QUIET}.{channel}", people)
        if not np.isnan(stated).any() or HOUR not in self.facts:
            return np.where(np.isnan(stated), UNKNOWN_HOURS, stated)
        rows = self.bundle.page(f"gates/{Gate.CONTACT_POLICY.value}").rows
        hours = self.facts[HOUR].take(people)
        _, first, places = np.unique(hours.coded, return_index=True, return_inverse=True)
        said = [until_open(rows, hours.fact(int(at))) for at in first]
        return np.where(np.isnan(stated), np.array(said, np.float64)[places], stated)


def _hours(
    rows: list[str], at: Codes, fallen: Codes, one: ChoiceColumns, known: Falling
) -> Numbers:
    """Return after how long time alone would free each candidate that fell at the last gate."""
    page = {r.id: r.when for r in known.bundle.page(f"gates/{Gate.CONTACT_POLICY.value}").rows}
    found = np.full(len(fallen), UNKNOWN_HOURS)
    use, since = (one.treatment.channel, one.action.contact_weight), known.part.since
    for number, row in enumerate(rows):
        held = at == number
        when = page.get(row, {})
        handed = next((name for name in HANDOFFS if name in when), None)
        if "action.over_limit" in when:
            opens = known.caps.opens[use][fallen[held]]
            found[held] = np.where(np.isnan(opens), UNKNOWN_HOURS, opens)
        elif HOUR in when or HOLIDAY in when:
            found[held] = known.until_open(one.treatment.channel, fallen[held])
        elif SINCE in when and one.action.name in since:
            found[held] = end_of(when[SINCE]) - since[one.action.name][fallen[held]]
        elif handed:
            found[held] = end_of(when[handed]) - known.numbers(handed, fallen[held])
    return np.asarray(np.maximum(SOONEST, found))
