"""Who takes a group: the route, the territory's pool, and the rep. Pure."""

from functions.policy.rota import Rota
from mos.model.base import Facts
from mos.model.decision import Route
from mos.policy.bundle.bundle import Bundle
from mos.policy.fact_values import render_fact
from mos.policy.table.engine import Answer

_ALMOST = 20


def route_of(facts: Facts, account_id: str, bundle: Bundle) -> Route:
    """Return the first route that holds, and who of its pool is next.

    A named account is its owner's; otherwise the territory says which pool, and the rota who.
    """
    stated = bundle.table_for("routing/route", facts)
    answer = bundle.table(stated.value).explain(facts, most=_ALMOST)
    to = str(answer.output["to"])
    pool, shadowed = _pool(answer.output.get("pool"), facts, bundle)
    chosen = Rota(bundle, facts).choose(account_id, pool, to) if pool else None
    return Route(
        to=to,
        pool=pool,
        owner=chosen.rep if chosen else None,
        row=answer.row_id,
        why=answer.why,
        almost=_almost(answer, facts),
        territory=_text(facts.get("account.territory")),
        chose=chosen.why if chosen else None,
        skipped=chosen.skipped if chosen else (),
        line=chosen.line if chosen else (),
        turn=chosen.turn if chosen else 1,
        passes=chosen.passes if chosen else 0,
        late=chosen.late if chosen else (),
        broke_hours=_broke(facts) if chosen and (chosen.passes or chosen.late) else None,
        day_since=chosen.day_since if chosen else None,
        weights=dict(chosen.weights) if chosen else {},
        sla_minutes=_sla(facts | {"route.to": to}, bundle),
        shadowed=shadowed,
    )


def _pool(named: object, facts: Facts, bundle: Bundle) -> tuple[str | None, tuple[str, ...]]:
    """Return the pool of the territory, and the one that it stands in for."""
    if not named:
        return None, ()
    pool = str(named)
    if "routing/territories" in bundle.names("tables"):
        page = str(bundle.table_for("routing/territories", facts).value)
        own = bundle.table(page).evaluate(facts).output.get(pool)
        if own and own != pool:
            return str(own), (f"{pool} (global)",)
    return pool, ()


def _broke(facts: Facts) -> float | None:
    """Return how long ago the last promise about the group or its people broke."""
    names = ("group.hours_since_sla_breach", "group.people_hours_since_sla_breach")
    known = [value for name in names if isinstance(value := facts.get(name), int | float)]
    return min(known, default=None)


def _sla(facts: Facts, bundle: Bundle) -> int | None:
    if "routing/sla" not in bundle.names("tables"):
        return None
    page = str(bundle.table_for("routing/sla", facts).value)
    minutes = bundle.table(page).evaluate(facts).output.get("minutes")
    return None if minutes is None else int(minutes)


def _almost(answer: Answer, facts: Facts) -> str | None:
    """Return the nearest route before the one that holds, and the fact that it lacked."""
    for row, column in reversed(answer.almost):
        if row.then["to"] != answer.output["to"]:
            found = render_fact(facts.get(column))
            return f"{row.then['to']} (row {row.id}) but for {column} = {found}"
    return None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
