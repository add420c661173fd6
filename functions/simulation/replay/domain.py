"""Which values a fact can have, where the bundle or the clock says so. Pure."""

import difflib
from datetime import datetime

from functions.simulation.replay.axis import gather_cells
from mos.errors import MalformedError
from mos.model.base import Fact
from mos.model.stage import Level
from mos.policy.bundle.bundle import Bundle
from mos.policy.fact_values import GIVEN_BY, listed, outputs, stages

_ROLES = (("roles/title", "role"), ("roles/behaviour", "role"), ("roles/template", "role"))
_GIVEN_BY = GIVEN_BY | {
    "group.solution": (("groups/solution", "solution"),),
    "person.role": _ROLES,
    "group.roles": _ROLES,
    "group.missing_roles": _ROLES,
}
_POINTS = (".engagement", ".icp_score")
"""Sums of points, which policy may also take away: all other numbers count or measure something."""
_BOUNDS = {"person.local_hour": (0, 24), "run.hour": (0, 24), "run.weekday": (1, 8)}
"""From the first up to, and without, the second."""


def check_possible(name: str, value: Fact, bundle: Bundle) -> None:
    """Refuse a value that the fact cannot have; anything may be unknown.

    Raises:
        MalformedError: it cannot; the text says which values there are.
    """
    match value:
        case bool():
            return
        case int() | float():
            _number(name, value)
        case str():
            _named(name, (value,), bundle)
        case tuple():
            _named(name, value, bundle)


def _number(name: str, value: float) -> None:
    low, high = _BOUNDS.get(name, (0, None))
    if high is not None and not low <= value < high:
        raise MalformedError(f"{name}: expected {low} or more and less than {high}, found {value}")
    if value < 0 and not name.endswith(_POINTS):
        raise MalformedError(f"{name}: cannot be less than nothing, found {value}")
    if name == "run.date":
        try:
            datetime.strptime(str(value), "%Y%m%d")  # noqa: DTZ007  only whether there is such a day
        except ValueError:
            raise MalformedError(f"{name}: expected a day as 20261231, found {value}") from None


def _named(name: str, values: tuple[str, ...], bundle: Bundle) -> None:
    there = list_values(name, bundle)
    for one in values:
        if there and one not in there:
            near = difflib.get_close_matches(one, there, 1, 0.6)
            hint = f"did you mean {near[0]}? " if near else ""
            raise MalformedError(f"{name}: {hint}{one!r} is none of {', '.join(sorted(there))}")


def list_values(name: str, bundle: Bundle) -> frozenset[str]:
    """Return what a fact can be: what policy lists or gives, and what cells ask; else nothing."""
    found = set(outputs(bundle, _GIVEN_BY.get(name, ())))
    if name == "group.solution":
        found |= set(listed("solutions", bundle))
    level = name.removesuffix(".stage")
    if level != name and level in set(Level):
        found |= set(stages(bundle, Level(level)))
    if not found and name not in _GIVEN_BY:
        return frozenset()
    _, asked = gather_cells(bundle, bundle.names("tables")).get(name, (None, ()))
    return frozenset(found | {str(v) for cell in asked for v in cell.any_of | cell.none_of})
