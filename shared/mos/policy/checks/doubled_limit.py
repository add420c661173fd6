"""Limits and control groups that say something twice: it may be meant, or not. Pure."""

from collections.abc import Iterator
from itertools import combinations

from mos.policy.bundle.bundle import Bundle
from mos.policy.checks.impossible_stage import Finding


def doubled(bundle: Bundle) -> Iterator[Finding]:
    """Yield actions that a limit names twice or two count alike, and issues held out twice.

    A limit a day and another a week over the same actions are no doubt: both are kept.

    Raises:
        BundleError: a page of a limit or of an experiment is wrong.
    """
    for one in bundle.constraints:
        file = f"constraints/{one.name}.toml"
        for name in sorted({a for a in one.actions if one.actions.count(a) > 1}):
            yield file, f"names {name} twice"
    for one, other in combinations(bundle.constraints, 2):
        shared = sorted(set(one.actions) & set(other.actions))
        if shared and (one.unit, one.hours) == (other.unit, other.hours):
            what = f"{', '.join(shared)} in {one.unit} over {one.hours} hours"
            yield f"constraints/{other.name}.toml", f"limits {what}, as {one.name} does"
    for first, second in combinations(bundle.holdouts, 2):
        if first.issue == second.issue:
            left = f"holds accounts out of {second.issue}, as {first.name} does"
            yield f"experiments/{second.name}.toml", f"{left}: each draws accounts of its own"
