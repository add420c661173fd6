"""What policy knows of many groups: fit, unit, region, segment, territory, route and caps. Pure.

The order is `functions.policy.permit`'s, table by table; the tables are asked by class.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from functions.policy.permit import worked_out
from functions.policy.route import route_of
from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Codes, Column, Numbers, TableAnswers, ask_many
from mos.model.base import Fact, Facts
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.ladder import FACTS
from mos.policy.table.answer import Answer

Columns = dict[str, Column]
_PLACES = (
    ("routing/units", "unit"),
    ("routing/regions", "region"),
    ("scorecards/segments", "segment"),
    ("routing/territories", "territory"),
)


@dataclass(frozen=True)
class PermittedMany:
    """What policy knows of each decision's group, and where it sends it."""

    facts: Columns
    route: TableAnswers
    to: Column
    pool: Column
    row: Column


def permit_many(part: Part, bundle: Bundle) -> PermittedMany:
    """Return the facts of each group as this bundle works them out from what was recorded."""
    facts = own(part, bundle)
    count = part.count
    facts |= _fit(facts, count, bundle)
    facts = place_many(facts, count, bundle)
    route = _first_of("routing/route", facts, count, bundle)
    to = route.column([str(a.output["to"]) for a in route.told])
    facts["route.to"] = to
    row = route.column([a.row_id for a in route.told])
    return PermittedMany(facts, route, to, _pools(route, facts, count, bundle), row)


def place_many(facts: Columns, count: int, bundle: Bundle) -> Columns:
    """Return the facts with each account's unit, region, segment and territory."""
    facts = dict(facts)
    for table, output in _PLACES:
        if table in bundle.names("tables"):
            answers = _first_of(table, facts, count, bundle)
            said = [a.output.get(output) for a in answers.told]
            before = facts.get(f"account.{output}")
            facts[f"account.{output}"] = _over(answers.column(said), before)
    return facts


def own(part: Part, bundle: Bundle) -> Columns:
    """Return a group's recorded facts less what policy works out, and when the run was."""
    made = worked_out(bundle)
    facts = {name: column for name, column in part.group.items() if name not in made}
    moments = [datetime.fromtimestamp(at, UTC) for at in part.at]
    facts["run.date"] = Column(numbers=_numbers([int(m.strftime("%Y%m%d")) for m in moments]))
    facts["run.weekday"] = Column(numbers=_numbers([m.isoweekday() for m in moments]))
    hours = [round(m.hour + m.minute / 60, 2) for m in moments]
    facts["run.hour"] = Column(numbers=_numbers(hours))
    return facts


def find_owners(known: PermittedMany, place: int, account_id: str, bundle: Bundle) -> str | None:
    """Return the rep whom one group's route leads to: asked one by one, where it matters."""
    facts: Facts = {name: column.fact(place) for name, column in known.facts.items()}
    facts = {name: fact for name, fact in facts.items() if fact is not None}
    return route_of(facts, account_id, bundle).owner


def apply_variants(
    name: str, facts: Columns, count: int, bundle: Bundle
) -> tuple[Codes, list[str]]:
    """Return which page of a table holds for each group: the nearest override's."""
    if name not in bundle.variants:
        return np.zeros(count, np.int64), [name]
    rungs = [facts[n] for names in FACTS.values() for n in names if n in facts]
    names = [n for held in FACTS.values() for n in held if n in facts]
    keys = np.zeros(count, np.int64)
    for column in rungs:
        keys = keys * (len(column.values) + 1) + column.coded
        _, keys = np.unique(keys, return_inverse=True)
    _, first, places = np.unique(keys, return_index=True, return_inverse=True)
    said = [
        str(
            bundle.table_for(
                name, {n: c.fact(int(at)) for n, c in zip(names, rungs, strict=True)}
            ).value
        )
        for at in first
    ]
    pages = sorted(set(said))
    return np.array([pages.index(page) for page in said], np.int64)[places], pages


def _fit(facts: Columns, count: int, bundle: Bundle) -> Columns:
    answers = ask_many(bundle.table("scorecards/icp"), facts, count)
    points = [min(100, max(0, sum(r.then["points"] for r in a.rows))) for a in answers.told]
    found = {
        "account.icp_score": Column(numbers=_numbers(points)).take(answers.places),
        "account.icp_rows": answers.column([tuple(r.id for r in a.rows) for a in answers.told]),
        "account.icp_unknown": answers.column([a.hinges_on for a in answers.told]),
    }
    tier = ask_many(bundle.table("scorecards/tier"), found, count)
    return found | {"account.icp_tier": tier.column([str(a.output["tier"]) for a in tier.told])}


def _first_of(name: str, facts: Columns, count: int, bundle: Bundle) -> TableAnswers:
    """Return what a table that may be overridden says of each group."""
    which, pages = apply_variants(name, facts, count, bundle)
    if len(pages) == 1:
        return ask_many(bundle.table(pages[0]), facts, count)
    told: list[Answer] = []
    places = np.zeros(count, np.int64)
    for number, page in enumerate(pages):
        held = np.flatnonzero(which == number)
        answers = ask_many(
            bundle.table(page), {n: c.take(held) for n, c in facts.items()}, len(held)
        )
        places[held] = answers.places + len(told)
        told += answers.told
    return TableAnswers(places, tuple(told))


def _pools(route: TableAnswers, facts: Columns, count: int, bundle: Bundle) -> Column:
    """Return the pool of each group: its territory's, where that has one of its own."""
    named = route.column([_text(a.output.get("pool")) for a in route.told])
    if "routing/territories" not in bundle.names("tables"):
        return named
    territory = _first_of("routing/territories", facts, count, bundle)
    keys = named.coded * len(territory.told) + territory.places
    first, places = np.unique(keys, return_index=True, return_inverse=True)[1:]
    said: list[Fact] = []
    for at in first:
        pool = named.fact(int(at))
        owned = territory.told[territory.places[at]].output.get(str(pool)) if pool else None
        said.append(str(owned) if owned else pool)
    return Column.of(said).take(places)


def _over(said: Column, before: Column | None) -> Column:
    """Return what a table says, and where it says nothing what was recorded."""
    if before is None or None not in said.values:
        return said
    facts = [before.fact(i) if (fact := said.fact(i)) is None else fact for i in range(len(said))]
    return Column.of(facts)


def _numbers(values: list[int] | list[float]) -> Numbers:
    return np.array(values, np.float64)


def _text(value: Fact) -> str | None:
    return None if value is None else str(value)
