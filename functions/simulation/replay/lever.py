"""Which facts could turn a route or an action, and what would. Pure."""

from collections.abc import Iterable

from functions.policy.permit import worked_out
from functions.simulation.replay.axis import Axis, build_axis, gather_cells
from functions.simulation.replay.flip import Flips, find_smallest
from functions.simulation.replay.what_if import WhatIf
from mos.model.action import Gate
from mos.model.base import Facts
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.ladder import FACTS, Rung
from mos.policy.consent import TABLE as CONSENT
from mos.policy.table.condition import ColumnType, holds

ROUTE = "routing/route"
_MADE_BY = {
    "account.icp_score": "scorecards/icp",
    "account.icp_tier": "scorecards/icp",
    "account.unit": "routing/units",
    "account.region": "routing/regions",
    "account.segment": "scorecards/segments",
    "account.territory": "routing/territories",
    "route.to": ROUTE,
}
_CHOICE = (*(f"gates/{gate.value}" for gate in Gate), "arbitration/context", "contact/limits")
TRIES = 8000


def find_route_flips(supposing: WhatIf, most: int = TRIES) -> dict[str, Flips]:
    """Return, for each other route, the smallest change of facts that leads there."""
    axes = _axes([ROUTE], supposing)
    page = supposing.bundle.page(ROUTE)
    routes = dict.fromkeys(str(then["to"]) for then in (*(r.then for r in page.rows), page.default))
    was = supposing.decision.route.to
    return {
        to: find_smallest(axes, lambda facts, to=to: supposing.route_to(facts) == to, most)  # type: ignore[misc]
        for to in routes
        if to != was
    }


def find_action_flips(action: str, supposing: WhatIf, most: int = TRIES) -> Flips:
    """Return the smallest change of facts with which an action has the highest priority."""
    axes = _axes([*_CHOICE, CONSENT], supposing) + _consent(action, supposing)
    first = _asked_of(action, supposing.bundle)
    axes.sort(key=lambda one: one.name not in first)
    return find_smallest(axes, lambda facts: supposing.wins(action, facts), most)


def _axes(tables: Iterable[str], supposing: WhatIf) -> list[Axis]:
    """Return the facts behind some tables: what policy works out is followed to what it reads."""
    bundle, derived = supposing.bundle, worked_out(supposing.bundle)
    asked = dict.fromkeys(tables)
    waiting = list(asked)
    while waiting:
        name = waiting.pop()
        facts = [*gather_cells(bundle, [name])]
        for variant in bundle.variants.get(name, ()):
            facts += FACTS.get(Rung(variant.partition("@")[2].partition("-")[0]), ())
        made = {_MADE_BY[fact] for fact in facts if fact in _MADE_BY} - set(asked)
        asked |= dict.fromkeys(made)
        waiting += made
    now = _present(supposing)
    return [
        build_axis(name, kind, cells, now.get(name))
        for name, (kind, cells) in sorted(gather_cells(bundle, asked).items())
        if name.startswith(("account.", "group.", "person.")) and name not in derived
    ]


def _consent(action: str, supposing: WhatIf) -> list[Axis]:
    """Return what consent could say of the action's purpose."""
    known = supposing.bundle.actions[action]
    if known.purpose is None:
        return []
    purpose, now = known.purpose.value, _present(supposing)
    given, refused = (now.get(f"person.{name}") or () for name in ("consents", "withdrawn"))
    basis = f"person.basis.{purpose}"
    bases = gather_cells(supposing.bundle, [CONSENT]).get("consent.basis")
    found = [build_axis(basis, ColumnType.TEXT, bases[1], now.get(basis))] if bases else []
    if isinstance(given, tuple) and purpose not in given:
        agreed = (*given, purpose)
        found.append(Axis("person.consents", ColumnType.SET, given, (agreed,)))
    if isinstance(refused, tuple) and purpose in refused:
        kept = tuple(one for one in refused if one != purpose)
        found.append(Axis("person.withdrawn", ColumnType.SET, refused, (kept,)))
    return found


def _present(supposing: WhatIf) -> Facts:
    people = {p.person_id: p.facts for p in supposing.decision.people}
    return supposing.decision.group_facts | people.get(supposing.person_id, {})


def _asked_of(action: str, bundle: Bundle) -> set[str]:
    """Return the facts that rows about this action ask, and those behind the route."""
    known = bundle.actions[action]
    mine = {"action.name": known.name, "action.group": known.group, "action.issue": known.issue}
    found = set(gather_cells(bundle, [ROUTE]))
    for table in _CHOICE:
        for row in bundle.page(table).rows:
            about = {name: cell for name, cell in row.when.items() if name in mine}
            if about and all(holds(cell, mine[name]) for name, cell in about.items()):
                found |= set(row.when)
    return found
