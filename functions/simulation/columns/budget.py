"""How full the caps of many groups are, as the record counted touches. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from functions.policy.limits import TABLE, is_personal, limits_of, make_limit
from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Codes, Column, Flags, Numbers, ask_many
from functions.simulation.columns.permit import PermittedMany, apply_variants
from functions.simulation.columns.recipient import find_members
from mos.model.limit import Limit
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
    which, pages = apply_variants(TABLE, facts.facts, count, bundle)
    for number, page in enumerate(pages):
        groups = np.flatnonzero(which == number)
        for held, limits in _list_limits(page, groups, facts, bundle):
            member = np.isin(part.of, held, assume_unique=False) if len(held) < count else None
            for limit in limits:
                _count(limit, held, member, part, full, opens, left, unknown)
        for row in filter(is_personal, bundle.page(page).rows):
            member = np.isin(part.of, groups) & find_members(row, part, facts)
            if member.any():
                held = np.unique(part.of[member])
                _count(make_limit(row), held, member, part, full, opens, left, unknown)
    columns = {
        scope: Column(numbers=np.where(np.isinf(n), np.nan, n)[part.of])
        for scope, n in left.items()
    }
    return Caps(full, opens, columns, unknown)


def _count(
    limit: Limit, held: Codes, member: Flags | None, part: Part,
    full: dict[Use, Flags], opens: dict[Use, Numbers], left: dict[str, Numbers], unknown: Flags,
) -> None:  # fmt: skip
    key = f"{limit.scope}|{limit.channel}|{limit.span.removesuffix('h')}"
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
        if limit.covers(channel):
            over = used + weight > limit.at_most
            over = over if member is None else over & member
            full[use] |= over
            if hours is not None:
                later = np.where(over, hours[part.of] if whole else hours, np.nan)
                opens[use] = np.fmax(opens[use], later)


def _list_limits(
    page: str, groups: Codes, facts: PermittedMany, bundle: Bundle
) -> list[tuple[Codes, tuple[Limit, ...]]]:
    """Return which of some groups share the same caps on everybody, and those caps."""
    found = []
    table = bundle.table(page)
    wanted = {i.name for i in table.columns}
    here = {n: c.take(groups) for n, c in facts.facts.items() if n in wanted}
    answers = ask_many(table, here, len(groups))
    for place in range(len(answers.told)):
        some = groups[answers.places == place]
        known = {n: c.fact(int(some[0])) for n, c in facts.facts.items()}
        found.append((some, limits_of(known, (), bundle)))
    return found
