"""Limits and control groups that say something twice: it may be meant, or not. Pure."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from mos.policy.bundle.bundle import Bundle
from mos.policy.check import WARNING, Check, Flaw


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield actions that a limit names twice or two count alike, and issues held out twice.

    A limit a day and another a week over the same actions are no doubt: both are kept.

    Raises:
        BundleError: a page of a limit or of an experiment is wrong.
    """
    for one in bundle.constraints:
        file = f"constraints/{one.name}.toml"
        for name in sorted({a for a in one.actions if one.actions.count(a) > 1}):
            yield Flaw(file, f"names {name} twice", WARNING)
    for one, other in combinations(bundle.constraints, 2):
        shared = sorted(set(one.actions) & set(other.actions))
        if shared and (one.unit, one.hours) == (other.unit, other.hours):
            what = f"{', '.join(shared)} in {one.unit} over {one.hours} hours"
            said = f"limits {what}, as {one.name} does"
            yield Flaw(f"constraints/{other.name}.toml", said, WARNING)
    for first, second in combinations(bundle.holdouts, 2):
        if first.issue == second.issue:
            left = f"holds accounts out of {second.issue}, as {first.name} does"
            said = f"{left}: each draws accounts of its own"
            yield Flaw(f"experiments/{second.name}.toml", said, WARNING)


CHECK = Check("doubled", find)
