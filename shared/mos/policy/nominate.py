"""How much a nomination counts, as the bundle has it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mos.model.base import Facts
from mos.model.nomination import MOST_LIFT
from mos.policy.bundle.bundle import Bundle

TABLE = "arbitration/nominate"
FACTS = "nomination_facts"


@dataclass(frozen=True)
class Heard:
    """Whether a model is asked about a group, and by what share its word lifts a gain."""

    is_asked: bool = False
    lift: float = 0.0


def heard(group_facts: Facts, bundle: Bundle) -> Heard:
    """Return what the bundle says about a group; nobody is heard where it says nothing."""
    if TABLE not in bundle.names("tables"):
        return Heard()
    said = bundle.table(TABLE).evaluate(group_facts).output
    lift = lift_of(said)
    return Heard(bool(said["ask"]) and lift > 0, lift)


def lift_of(said: Mapping[str, Any]) -> float:
    """Return the share that a row lets a nomination lift a gain by, within what code allows."""
    return min(MOST_LIFT, max(0.0, float(said["lift"])))


def told(facts: Facts, bundle: Bundle, level: str) -> Facts:
    """Return the facts of one level (`account.`, `group.`, `person.`) that a model may know.

    Texts are cut at a hundred characters: a fact is a fact, not a page.
    """
    stated = bundle.parameters.get(FACTS)
    names = stated.value if stated and isinstance(stated.value, list) else []
    return {
        name: fact[:100] if isinstance(fact := facts[name], str) else fact
        for name in names
        if name.startswith(level) and facts.get(name) is not None
    }
