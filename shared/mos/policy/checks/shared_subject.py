"""Agents' pages that cannot be read, or by which one token would be two agents'. Pure."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from mos.model.mandate import Mandate
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw
from mos.policy.mandates import read_mandates


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield pairs of agents that a single token could be.

    Raises:
        BundleError: an agent's page is wrong.
    """
    for one, other in combinations(read_mandates(bundle).values(), 2):
        if _may_be_both(one, other):
            detail = f"a token could be both {one.name} and {other.name}: it would be refused"
            yield Flaw(f"agents/{other.name}.toml", f"{detail}; name other subjects or clients")


def _may_be_both(one: Mandate, other: Mandate) -> bool:
    """Say whether some subject and client fit both pages."""
    if not (one.subjects or one.clients) or not (other.subjects or other.clients):
        return False
    return _overlap(one.subjects, other.subjects) and _overlap(one.clients, other.clients)


def _overlap(these: tuple[str, ...], those: tuple[str, ...]) -> bool:
    """Say whether a value could be in both; a list that names nobody takes anybody."""
    return not these or not those or bool(set(these) & set(those))


CHECK = Check("shared subject", find)
