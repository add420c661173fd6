"""What pages refer to must be there: pools, reps, covers, actions, issues. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw
from mos.policy.sales_team import open_sales_team
from mos.policy.table.table import DecisionTable

_POOLS: Mapping[str, tuple[str, ...]] = {
    "routing/route": ("pool",),
    "routing/territories": ("pool_ae", "pool_bdr"),
}
_ROUTE = "routing/route"
_REPS = {
    "routing/named_accounts": ("owner",),
    "routing/out_of_office": ("cover",),
    "routing/reps": ("manager",),
    "routing/escalate": ("instead",),
}


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield each name of a pool, a rep, an action or an issue that leads nowhere."""
    for page, row, pool in _named(bundle, _POOLS):
        if not open_sales_team(bundle).list_pool(pool, {}):
            said = f"row {row}: nobody is in {pool}: name it in `pools` of routing/reps"
            yield Flaw(page.file, said)
    yield from _nowhere(bundle)
    known = _ids(bundle, "routing/reps", "rep.id")
    if known is not None:
        yield from _strangers(bundle, known)
        yield from _silent(bundle)
    yield from _nothings(bundle)


def _nowhere(bundle: Bundle) -> Iterator[Flaw]:
    """Yield routes that lead to no team of reps, nor where the table leads everybody else."""
    if _ROUTE not in bundle.names("tables"):
        return
    teams = {rep.team for rep in open_sales_team(bundle).reps.values() if rep.team}
    if not teams:
        return
    everybody = bundle.page(_ROUTE).default or {}
    known = sorted(teams | {str(everybody["to"])} if "to" in everybody else teams)
    for name in (_ROUTE, *bundle.variants.get(_ROUTE, ())):
        page = bundle.page(name)
        for row in page.rows:
            if (to := row.then.get("to")) is not None and to not in known:
                said = f"row {row.id}: nobody is in the team {to}: it leads to {', '.join(known)}"
                yield Flaw(page.file, said)


def _nothings(bundle: Bundle) -> Iterator[Flaw]:
    """Yield limits and control groups that are about nothing."""
    issues = {action.issue for action in bundle.actions.values()}
    for constraint in bundle.constraints:
        for name in constraint.actions:
            if name not in bundle.actions:
                said = f"the catalogue has no action {name}"
                yield Flaw(f"constraints/{constraint.name}.toml", said)
    for holdout in bundle.holdouts:
        if holdout.issue not in issues:
            said = f"no action has the issue {holdout.issue}"
            yield Flaw(f"experiments/{holdout.name}.toml", said)


def _strangers(bundle: Bundle, known: set[str | bool]) -> Iterator[Flaw]:
    pools = {pool for _, _, pool in _named(bundle, _POOLS)}
    for pool in sorted(pools):
        for reps in _lists(bundle, pool):
            yield from (
                Flaw("parameters", f"{pool}: {rep} is not in routing/reps")
                for rep in reps
                if rep not in known
            )
    for page, row, rep in _named(bundle, _REPS):
        if rep not in known:
            yield Flaw(page.file, f"row {row}: {rep} is not in routing/reps")


def _silent(bundle: Bundle) -> Iterator[Flaw]:
    """Yield managers whom a notice of a broken promise would never reach: no CRM knows them."""
    if "routing/escalate" not in bundle.names("tables"):
        return
    team = open_sales_team(bundle)
    for name in sorted({rep.manager for rep in team.reps.values()} & set(team.reps)):
        if not team.find(name).crm:
            said = f"{name} leads others and has no `crm`: a broken promise could not be told"
            yield Flaw("tables/routing/reps.csv", said)


def _named(
    bundle: Bundle, tables: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[DecisionTable, str, str]]:
    for name, outputs in tables.items():
        if name not in bundle.names("tables"):
            continue
        page = bundle.page(name)
        for row in page.rows:
            yield from ((page, row.id, str(row.then[o])) for o in outputs if row.then.get(o))


def _lists(bundle: Bundle, pool: str) -> Iterator[list[str]]:
    """Yield a pool as it stands for everybody, and as it stands for some."""
    stated = bundle.parameters.get(pool)
    if stated:
        values = [stated.value, *(override.value for override in stated.override)]
        yield from (value for value in values if isinstance(value, list))


def _ids(bundle: Bundle, table: str, column: str) -> set[str | bool] | None:
    if table not in bundle.names("tables"):
        return None
    rows = bundle.page(table).rows
    return {value for row in rows if column in row.when for value in row.when[column].any_of}


CHECK = Check("reference", find)
