"""How much a nomination counts, as the bundle has it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mos.model.base import Facts
from mos.model.nomination import MOST_LIFT
from mos.policy.bundle.bundle import Bundle
from mos.policy.checks.impossible_stage import Finding

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


def overheard(bundle: Bundle) -> Iterator[Finding]:
    """Yield each row that lets a nomination count for more than code allows, or for less than none.

    Raises:
        BundleError: the table is wrong.
    """
    if TABLE not in bundle.names("tables"):
        return
    page = bundle.page(TABLE)
    rows = [(row.id, row.then) for row in page.rows] + [("default", page.default)]
    for name, output in rows:
        lift = output.get("lift")
        if isinstance(lift, int | float) and not 0 <= lift <= MOST_LIFT:
            yield (
                f"tables/{TABLE}.toml",
                f"row {name}, lift: expected 0 to {MOST_LIFT:g}, found {lift:g}",
            )
