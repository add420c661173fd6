"""How full the caps of many groups are, as the record counted touches. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from functions.policy.permit import limits_of
from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Codes, Column, Flags, Numbers, ask_many
from functions.simulation.columns.permit import PermittedMany, apply_variants
from mos.model.decision import Limit
from mos.policy.bundle.bundle import Bundle

Use = tuple[str, float]
"""A channel, and what one attempt takes of a contact budget."""
_WHOLE = ("group", "account")


@dataclass(frozen=True)
class Caps:
    """How full caps are, per person and use; `left` is what the caps of group and account leave."""

    full: Mapping[Use, Flags]
    opens: Mapping[Use, Numbers]
    left: Mapping[str, Column]
    unknown: Flags


def count_caps(part: Part, facts: PermittedMany, bundle: Bundle, uses: set[Use]) -> Caps:
    """Return how full each cap is; a cap over a window that was not recorded counts as open."""
    count, people = part.count, len(part.of)
    full = {use: np.zeros(people, bool) for use in uses}
    opens = {use: np.full(people, np.nan) for use in uses}
    left = {scope: np.full(count, np.inf) for scope in _WHOLE}
    unknown = np.zeros(count, bool)
    for held, limits in _limits(facts, count, bundle):
        member = np.isin(part.of, held, assume_unique=False) if len(held) < count else None
        for limit in limits:
            _count(limit, held, member, part, full, opens, left, unknown)
    columns = {
        scope: Column(numbers=np.where(np.isinf(n), np.nan, n)[part.of])
        for scope, n in left.items()
    }
    return Caps(full, opens, columns, unknown)


def _count(
    limit: Limit, held: Codes, member: Flags | None, part: Part,
    full: dict[Use, Flags], opens: dict[Use, Numbers], left: dict[str, Numbers], unknown: Flags,
) -> None:  # fmt: skip
    key = f"{limit.scope}|{limit.channel}|{limit.window_hours}"
    used, hours = part.used.get(key), part.opens.get(key)
    whole = limit.scope in _WHOLE
    if used is None:
        used = np.zeros(part.count if whole else len(part.of))
        unknown[held] = True
    if whole and limit.channel == "any":
        own = left[limit.scope]
        own[held] = np.minimum(own[held], np.maximum(0, limit.at_most - used[held]))
    used = used[part.of] if whole else used
    for use in full:
        channel, weight = use
        if limit.channel in ("any", channel):
            over = used + weight > limit.at_most
            over = over if member is None else over & member
            full[use] |= over
            if hours is not None:
                later = np.where(over, hours[part.of] if whole else hours, np.nan)
                opens[use] = np.fmax(opens[use], later)


def _limits(
    facts: PermittedMany, count: int, bundle: Bundle
) -> list[tuple[Codes, tuple[Limit, ...]]]:
    """Return the groups that share the same caps, and those caps."""
    which, pages = apply_variants("contact/limits", facts.facts, count, bundle)
    found = []
    for number, page in enumerate(pages):
        held = np.flatnonzero(which == number)
        table = bundle.table(page)
        wanted = {i.name for i in table.columns}
        here = {n: c.take(held) for n, c in facts.facts.items() if n in wanted}
        answers = ask_many(table, here, len(held))
        for place in range(len(answers.told)):
            some = held[answers.places == place]
            known = {n: c.fact(int(some[0])) for n, c in facts.facts.items()}
            found.append((some, limits_of(known, bundle)))
    return found
