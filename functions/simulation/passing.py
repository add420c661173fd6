"""Send every candidate of many groups through the gates. Pure.

A candidate is a person × an action's treatment: a table's rows for one treatment read few facts of
the person and the group, so each gate is asked once per combination that occurs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from functions.decisioning.gates import HUMAN, REST
from functions.decisioning.rest import SINCE, SOONEST, UNKNOWN_HOURS, end_of
from functions.policy.permit import limits_of
from functions.simulation.archive import Part
from functions.simulation.columns import Codes, Column, Flags, Numbers, ask
from functions.simulation.known import Known, variants
from mos.model.action import Action, Gate, Treatment
from mos.model.consent import Purpose
from mos.model.decision import Limit
from mos.policy.bundle import Bundle
from mos.policy.consent import TABLE as CONSENT
from mos.policy.consent import consent_to

GATES = tuple(Gate)
_ALIVE = len(GATES)


@dataclass(frozen=True)
class Choice:
    """One action and treatment of the catalogue."""

    action: Action
    treatment: Treatment


@dataclass(frozen=True)
class Passed:
    """Per person and choice: the gate at which it fell (4: none), and its row there.

    `rows` names the distinct rows by gate and number; `hours` is after how long time alone would
    free what fell at the last gate, NaN for all others. `basis` says who may be touched for it.
    """

    choices: tuple[Choice, ...]
    gate: NDArray[np.int8]
    hours: Numbers
    basis: Flags
    unknown_caps: Flags

    @property
    def alive(self) -> Flags:
        """Return which candidates passed every gate."""
        return np.asarray(self.gate == _ALIVE)


def choices_of(bundle: Bundle) -> tuple[Choice, ...]:
    """Return every treatment of every action that touches somebody, in the catalogue's order."""
    return tuple(
        Choice(action, treatment)
        for name, action in bundle.actions.items()
        if name not in REST
        for treatment in action.treatments
    )


@dataclass(frozen=True)
class Caps:
    """How full caps are, per person and channel."""

    full: Mapping[str, Flags]
    opens: Mapping[str, Numbers]
    left: Column
    unknown: Flags


def passed(part: Part, facts: Known, bundle: Bundle, base: Bundle) -> Passed:
    """Return where each candidate fell."""
    choices = choices_of(bundle)
    people = len(part.of)
    shared = {name: column.take(part.of) for name, column in facts.facts.items()}
    shared |= dict(part.people)
    allowed = _allowed(part, bundle, base)
    channels = {c.treatment.channel for c in choices}
    caps = _caps(part, facts, bundle, channels)
    shared["group.touches_left"] = caps.left
    rep_full = Column.flags(_rep_full(part, facts, bundle, base)[part.of])
    shape = (people, len(choices))
    gate, hours = np.full(shape, _ALIVE, np.int8), np.full(shape, np.nan)
    basis = np.ones(shape, bool)
    for number, one in enumerate(choices):
        own, constants = _asked(part, one, caps, allowed, rep_full)
        if one.action.purpose is not None:
            basis[:, number] = allowed[one.action.purpose.value]
        alive = np.arange(people)
        for place, name in enumerate(GATES):
            table = bundle.table(f"gates/{name.value}")
            wanted = {i.name for i in table.columns}
            here = {n: c.take(alive) for n, c in (shared | own).items() if n in wanted}
            answers = ask(table, here, len(alive), constants)
            ok = answers.flags("allow")
            fallen = alive[~ok]
            gate[fallen, number] = place
            if name is Gate.CONTACT_POLICY:
                rows = [a.row_id for a in answers.told]
                at = answers.places[~ok]
                hours[fallen, number] = _hours(rows, at, fallen, one, part, caps, bundle)
            alive = alive[ok]
    return Passed(choices, gate, hours, basis, caps.unknown)


def _asked(
    part: Part, one: Choice, caps: Caps, allowed: Mapping[str, Flags], rep_full: Column
) -> tuple[dict[str, Column], dict[str, str | bool]]:
    """Return the facts of a candidate that differ by person, and those that do not."""
    action, treatment = one.action, one.treatment
    own = {}
    constants: dict[str, str | bool] = {
        "action.name": action.name,
        "action.issue": action.issue,
        "action.group": action.group,
        "action.class": action.klass.value,
        "action.channel": treatment.channel,
        "action.treatment": treatment.name,
        "action.available": treatment.available,
    }
    if action.purpose is None:
        constants["action.consent"] = True
    else:
        own["action.consent"] = Column.flags(allowed[action.purpose.value])
    if action.touches:
        own["action.over_limit"] = Column.flags(caps.full[treatment.channel])
    else:
        constants["action.over_limit"] = False
    if action.group == HUMAN:
        own["action.rep_full"] = rep_full
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


def _rep_full(part: Part, facts: Known, bundle: Bundle, base: Bundle) -> Flags:
    """Return where everybody in line was full: known for the line that was recorded."""
    if all(_same(name, bundle, base) for name in ("routing/reps", "routing/named_accounts")):
        same = _equal(facts.pool, part.route_pool) & _equal(facts.to, part.route_to)
        return part.rep_full & same
    return np.zeros(part.count, bool)


def _same(name: str, one: Bundle, other: Bundle) -> bool:
    held = [name in bundle.names("tables") for bundle in (one, other)]
    if not all(held):
        return not any(held)
    return one.page(name) == other.page(name)


def _equal(one: Column, other: Column) -> Flags:
    """Return where two columns of words say the same."""
    values = {v: i for i, v in enumerate(dict.fromkeys((*one.values, *other.values)))}
    left = np.array([values[v] for v in one.values], np.int64)[one.coded]
    right = np.array([values[v] for v in other.values], np.int64)[other.coded]
    return np.asarray(left == right)


def _caps(part: Part, facts: Known, bundle: Bundle, channels: set[str]) -> Caps:
    """Return how full each cap is; a cap over a window that was not recorded counts as open."""
    count, people = part.count, len(part.of)
    full = {channel: np.zeros(people, bool) for channel in channels}
    opens = {channel: np.full(people, np.nan) for channel in channels}
    left = np.full(count, np.inf)
    unknown = np.zeros(count, bool)
    for held, limits in _limits(facts, count, bundle):
        member = np.isin(part.of, held, assume_unique=False) if len(held) < count else None
        for limit in limits:
            _count(limit, held, member, part, full, opens, left, unknown)
    return Caps(
        full, opens, Column(numbers=np.where(np.isinf(left), np.nan, left)[part.of]), unknown
    )


def _count(
    limit: Limit, held: Codes, member: Flags | None, part: Part,
    full: dict[str, Flags], opens: dict[str, Numbers], left: Numbers, unknown: Flags,
) -> None:  # fmt: skip
    key = f"{limit.scope}|{limit.channel}|{limit.window_hours}"
    used, hours = part.used.get(key), part.opens.get(key)
    whole = limit.scope == "group"
    if used is None:
        used = np.zeros(part.count if whole else len(part.of))
        unknown[held] |= not _was_kept(limit, part)
    if whole and limit.channel == "any":
        left[held] = np.minimum(left[held], np.maximum(0, limit.at_most - used[held]))
    used = used[part.of] if whole else used
    over = used >= limit.at_most
    over = over if member is None else over & member
    for channel in full:
        if limit.channel in ("any", channel):
            full[channel] |= over
            if hours is not None:
                later = np.where(over, hours[part.of] if whole else hours, np.nan)
                opens[channel] = np.fmax(opens[channel], later)


def _was_kept(limit: Limit, part: Part) -> bool:
    """Say whether somebody of these decisions had this cap: then nothing used means nothing."""
    return any(key.split("|")[2] == str(limit.window_hours) for key in part.used) or not part.used


def _limits(facts: Known, count: int, bundle: Bundle) -> list[tuple[Codes, tuple[Limit, ...]]]:
    """Return the groups that share the same caps, and those caps."""
    which, pages = variants("contact/limits", facts.facts, count, bundle)
    found = []
    for number, page in enumerate(pages):
        held = np.flatnonzero(which == number)
        table = bundle.table(page)
        wanted = {i.name for i in table.columns}
        here = {n: c.take(held) for n, c in facts.facts.items() if n in wanted}
        answers = ask(table, here, len(held))
        for place in range(len(answers.told)):
            some = held[answers.places == place]
            known = {n: c.fact(int(some[0])) for n, c in facts.facts.items()}
            found.append((some, limits_of(known, bundle)))
    return found


def _hours(
    rows: list[str], at: Codes, fallen: Codes, one: Choice, part: Part, caps: Caps, bundle: Bundle
) -> Numbers:
    """Return after how long time alone would free each candidate that fell at the last gate."""
    page = {row.id: row.when for row in bundle.page(f"gates/{Gate.CONTACT_POLICY.value}").rows}
    found = np.full(len(fallen), UNKNOWN_HOURS)
    for number, row in enumerate(rows):
        held = at == number
        when = page.get(row, {})
        if "action.over_limit" in when:
            known = caps.opens[one.treatment.channel][fallen[held]]
            found[held] = np.where(np.isnan(known), UNKNOWN_HOURS, known)
        elif SINCE in when and one.action.name in part.since:
            found[held] = end_of(when[SINCE]) - part.since[one.action.name][fallen[held]]
    return np.asarray(np.maximum(SOONEST, found))
