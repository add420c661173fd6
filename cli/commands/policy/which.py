"""`mos policy which` and `hits`: whom does a row catch, and which rows never decide?"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.bundle import POLICIES, Folder, bundle_at
from cli.deployment import deployment
from cli.output import AsJson, finish
from cli.refusal import bad_input, may_refuse
from functions.simulation.rows.catch import Catch, find_rows, match_leads, sort_matches
from functions.simulation.rows.hit import count_hits
from functions.simulation.rows.lead import Lead, list_leads
from functions.simulation.rows.placement import read_scenes
from mos.deployment import storage
from mos.deployment.standing import read_standing
from mos.errors import MissingError
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
        rows = find_rows(bundle, row)
    with may_refuse("not looked for"):
        found = sort_matches(match_leads(_asked(lead, bundle), bundle, rows))
    _tell(found, most, say_standing(bundle), as_json=as_json)


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


def say_standing(bundle: Bundle) -> str:
    """Return by which bundle the stage decides, on which ground, and whether it is this one."""
    standing = read_standing(storage.open_bundles(deployment()))
    same = "which is this folder" if standing.decides == bundle.digest else "this folder is another"
    return f"the stage: {standing.said}; {same}"


def _tell(found: Catch, most: int, standing: str, *, as_json: bool) -> None:
    lines = _listed(
        "caught", [f"{m.lead.name} [{m.lead.person_id}] {m.row}" for m in found.caught], most
    )
    lines += _listed(
        "met, but another row decides",
        [
            f"{m.lead.name} [{m.lead.person_id}] {m.row}: {m.decided_by} decides"
            for m in found.shadowed
        ],
        most,
    )
    lines += _listed(
        "almost",
        [
            f"{m.lead.name} [{m.lead.person_id}] {m.row}: {m.missing} is "
            f"{'unknown' if m.found is None else m.found}, the row wants {m.wants}"
            for m in found.almost
        ],
        most,
    )
    lines.append(standing)
    data = {**found.to_json(most), "standing": standing}
    finish(data, lines, as_json=as_json, found=False)


def _listed(what: str, lines: list[str], most: int) -> list[str]:
    """Return how many there are and the first of them; where some are left out, it says so."""
    left = len(lines) - most
    more = [f"  … and {left} more: --most {len(lines)} lists them all"] if left > 0 else []
    return [f"{len(lines)} {what}", *(f"  {line}" for line in lines[:most]), *more]
