"""What a rehearsal finds in some parts of an archive: counts that add up in any order. Pure."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from functions.simulation.columns.engine import Column, Flags, Numbers
from mos.model.impact import Named

MOST_LEADS = 25
MOST_STRANGE = 200


@dataclass
class Partial:
    """What is found in some parts. Two of them can be added up, in any order."""

    decisions: int = 0
    compared: int = 0
    held_out: int = 0
    corrections: int = 0
    since: float = np.inf
    until: float = -np.inf
    accounts: set[str] = field(default_factory=set)
    left_out: int = 0
    left_out_ids: list[str] = field(default_factory=list)
    changes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    leads: dict[tuple[str, str, str], list[Named]] = field(default_factory=dict)
    touched: dict[str, set[str]] = field(default_factory=dict)
    slices: dict[tuple[str, str], Numbers] = field(default_factory=dict)
    handoffs: dict[tuple[str, str], Numbers] = field(default_factory=dict)
    funnel: dict[str, Numbers] = field(default_factory=dict)
    actions: dict[str, Numbers] = field(default_factory=dict)
    money: dict[str, Numbers] = field(default_factory=dict)
    lost: int = 0
    lost_leads: list[Named] = field(default_factory=list)
    conflicts: int = 0
    conflict_leads: list[Named] = field(default_factory=list)
    strange: list[tuple[float, Named]] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    logs: list[dict[str, Numbers]] = field(default_factory=list)
    log_accounts: list[list[str]] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)
    reached_accounts: dict[str, set[str]] = field(default_factory=dict)

    def add(self, other: "Partial") -> None:
        """Take in what another one found."""
        for name in ("decisions", "compared", "held_out", "corrections", "left_out", "lost",
                     "conflicts"):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.since, self.until = min(self.since, other.since), max(self.until, other.until)
        self.accounts |= other.accounts
        self.changes += other.changes
        for kind, groups in other.touched.items():
            self.touched.setdefault(kind, set()).update(groups)
        self.unknown += other.unknown
        self.reached += other.reached
        for what, accounts in other.reached_accounts.items():
            self.reached_accounts.setdefault(what, set()).update(accounts)
        for name in ("left_out_ids", "lost_leads", "conflict_leads"):
            setattr(self, name, (getattr(self, name) + getattr(other, name))[:MOST_LEADS])
        for key, leads in other.leads.items():
            self.leads[key] = (self.leads.get(key, []) + leads)[:MOST_LEADS]
        for name in ("slices", "handoffs", "funnel", "actions", "money"):
            held = getattr(self, name)
            for key, numbers in getattr(other, name).items():
                held[key] = held.get(key, 0) + numbers
        self.strange = sorted(self.strange + other.strange, key=lambda s: -s[0])[:MOST_STRANGE]
        self.logs += other.logs
        self.log_accounts += other.log_accounts


def count(held: dict[str, Numbers], name: str, before: float, after: float) -> None:
    """Add to a count before and after."""
    grow(held, name, np.array([before, after], np.float64))


def grow(held: dict[Any, Numbers], key: Hashable, numbers: Numbers) -> None:
    """Add numbers to those of a key."""
    held[key] = held[key] + numbers if key in held else numbers


def places(flags: Flags) -> list[int]:
    """Return where a flag stands."""
    return [int(i) for i in np.flatnonzero(flags)]


def summed(flags: Flags) -> int:
    """Return how many flags stand."""
    return int(np.count_nonzero(flags))


def said(column: Column | None, place: int) -> str:
    """Return one fact as a word, empty where it is unknown."""
    fact = column.fact(place) if column is not None else None
    return "" if fact is None else str(fact)


def groups_at(groups: Column, flags: Flags) -> set[str]:
    """Return which buying groups a flag is about: one is decided on again and again."""
    return {str(groups.values[code]) for code in np.unique(groups.coded[flags])}
