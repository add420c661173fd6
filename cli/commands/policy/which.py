"""`mos policy which` and `hits`: whom does a row catch, and which rows never decide?"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.bundle import POLICIES, Folder, bundle_at
from cli.deployment import deployment
from cli.output import AsJson, finish
from cli.refusal import bad_input, may_refuse
from functions.simulation.rows.hit import count_hits
from functions.simulation.rows.lead import (
    Lead,
    Match,
    find_met,
    list_leads,
    list_unanswerable,
    list_variants,
    mark_decided,
)
from functions.simulation.rows.placement import read_scenes
from mos.errors import BundleError, MissingError
from mos.model.decision import Decision
from mos.policy.bundle.bundle import Bundle, read_folder

_HEX = "0123456789abcdef"
Ask = Callable[..., dict[str, Any]]


def which(
    row: Annotated[str, typer.Option(help="A row, such as routing/route#ready.")] = "",
    lead: Annotated[
        str, typer.Option(help="A person, per_…, a mailbox, or type:value: which rows touch them?")
    ] = "",
    most: Annotated[int, typer.Option(help="Leads to list of each kind.", min=1)] = 20,
    folder: Annotated[Path, Folder] = POLICIES,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """List the known leads that a row catches, and those that it almost does, by which fact.

    A row decides for those whom it catches; whom it meets while another row decides is listed
    apart. With --lead: the rows that this person meets, and those that they almost do.
    """
    if bool(row) is bool(lead):
        raise typer.BadParameter("name a --row or a --lead")
    with bad_input():
        bundle = read_folder(folder)
        rows = [_row(bundle, row)] if row else list(_all_rows(bundle))
    with may_refuse("not looked for"):
        found = [
            match
            for known in _asked(lead, bundle)
            for table, name in rows
            if (match := _match(known, bundle, table, name))
        ]
    _tell(found, most, as_json=as_json)


def hits(
    days: Annotated[int, typer.Option(help="How far back to look.", min=1)] = 90,
    bundle: Annotated[str, typer.Option(help="A folder, a digest, or `active`.")] = "active",
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Count what each row decided over the ledger. Exit 1 where some never did."""
    with bad_input():
        looked = bundle_at(bundle)
    counted = count_hits(decisions_of(asking("decisions"), days), looked)
    rows = counted.report()
    idle = [r for r in rows if r["state"] != "fires"]
    words = {"never": "never held", "shadowed": "held, but another row always decided"}
    lines = [f"{r['table']}#{r['row']}: {words[r['state']]}" for r in idle]
    lines.append(
        f"{counted.decisions} decisions in {days} days, {len(rows)} rows, {len(idle)} never decided"
    )
    data = {"days": days, "decisions": counted.decisions, "bundle": looked.digest, "rows": rows}
    finish(data, lines, as_json=as_json, found=bool(idle and counted.decisions))


def decisions_of(ask: Ask, days: int) -> Iterator[Decision]:
    """Yield the ledger's decisions, page by page; a page that is too full is asked for in parts."""
    waiting = list(_HEX)
    while waiting:
        prefix = waiting.pop(0)
        page = ask(prefix=prefix, days=days)
        if page["split"]:
            waiting = [prefix + digit for digit in _HEX] + waiting
        for body in page["bodies"]:
            yield Decision.parse(body)


def asking(tool: str) -> Ask:
    """Return what asks the stage's agent function for one page."""
    where = deployment()

    def ask(**arguments: Any) -> dict[str, Any]:  # noqa: ANN401  the tool's own arguments
        answer = where.ask(tool, **arguments)
        if not answer.get("ok"):
            raise MissingError(f"{tool}: {answer.get('reason')} {answer.get('detail')}")
        data: dict[str, Any] = answer["data"]
        return data

    return ask


def _asked(lead: str, bundle: Bundle) -> Iterable[Lead]:
    """Return everybody who is known, or one of them, found as `mos why` finds them.

    Raises:
        MissingError: nobody is known so, or they are in no group.
    """
    everybody = list_leads(read_scenes(asking("scenes")), bundle)
    if not lead:
        return everybody
    person_id = asking("profile")(subject=lead)["profile"]["profile_id"]
    found = [one for one in everybody if one.person_id == person_id]
    if not found:
        raise MissingError(f"group of {lead}: {person_id} is known, and in no buying group")
    return found


def _row(bundle: Bundle, written: str) -> tuple[str, str]:
    table, mark, name = written.partition("#")
    if not mark or table not in bundle.names("tables"):
        raise BundleError(written, "expected <table>#<row>, such as routing/route#ready")
    page = bundle.page(table)
    if name not in {row.id for row in page.rows}:
        raise BundleError(page.file, f"has no row {name!r}")
    return table, name


def _all_rows(bundle: Bundle) -> Iterator[tuple[str, str]]:
    for table in bundle.names("tables"):
        for row in bundle.page(table).rows:
            yield table, row.id


def _match(known: Lead, bundle: Bundle, table: str, name: str) -> Match | None:
    page = bundle.table(table).table
    row = next(r for r in page.rows if r.id == name)
    best: Match | None = None
    for variant in list_variants(known, page, bundle):
        # A row about one signal or one action's past cannot be asked of a lead.
        if list_unanswerable(page, row, variant.facts) and len(row.when) == 1:
            continue
        found = find_met(variant, row)
        found = found and mark_decided(found, row, bundle.table(table))
        if found and (best is None or found.rank < best.rank):
            best = replace(found, row=f"{table}#{name}")
    return best


def _tell(found: list[Match], most: int, *, as_json: bool) -> None:
    caught, shadowed, almost = ([m for m in found if m.rank == rank] for rank in range(3))
    lines = [f"{len(caught)} caught"]
    lines += [f"  {m.lead.name} [{m.lead.person_id}] {m.row}" for m in caught[:most]]
    lines.append(f"{len(shadowed)} met, but another row decides")
    lines += [
        f"  {m.lead.name} [{m.lead.person_id}] {m.row}: {m.decided_by} decides"
        for m in shadowed[:most]
    ]
    lines.append(f"{len(almost)} almost")
    lines += [
        f"  {m.lead.name} [{m.lead.person_id}] {m.row}: {m.missing} is "
        f"{'unknown' if m.found is None else m.found}, the row wants {m.wants}"
        for m in almost[:most]
    ]
    data = {
        "caught": [_told(m) for m in caught[:most]],
        "shadowed": [_told(m) | {"decided_by": m.decided_by} for m in shadowed[:most]],
        "almost": [_told(m) for m in almost[:most]],
        "counts": {"caught": len(caught), "shadowed": len(shadowed), "almost": len(almost)},
    }
    finish(data, lines, as_json=as_json, found=False)


def _told(match: Match) -> dict[str, Any]:
    told: dict[str, Any] = {
        "person_id": match.lead.person_id,
        "name": match.lead.name,
        "row": match.row,
    }
    if match.missing is not None:
        told |= {"fact": match.missing, "found": match.found, "wants": match.wants}
    return told
