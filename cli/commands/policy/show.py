"""`mos policy show`: a table as a table, a parameter with its ladder, or what there is."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.bundle import POLICIES, Folder
from cli.output import AsJson, finish
from cli.refusal import bad_input
from mos.errors import BundleError
from mos.policy.bundle.bundle import Bundle, read_folder
from mos.policy.bundle.ladder import Step
from mos.policy.bundle.parameter import valued
from mos.policy.table.table import DecisionTable

_OTHERWISE = "default"


def show(
    name: Annotated[
        str, typer.Argument(help="A table such as routing/route, or a parameter.")
    ] = "",
    about: Annotated[
        list[str] | None,
        typer.Option("--for", help="A fact, such as account.region=dach: which override wins?"),
    ] = None,
    folder: Annotated[Path, Folder] = POLICIES,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Show one table or parameter, or what there is in the bundle."""
    with bad_input():
        bundle = read_folder(folder)
        facts = dict(_fact(text) for text in about or [])
        if not name:
            data, lines = _contents(bundle)
        elif name.partition("#")[0] in bundle.names("tables"):
            data, lines = _table(bundle, name, facts)
        elif name in bundle.parameters:
            data, lines = _parameter(bundle, name, facts)
        else:
            raise BundleError(name, "the bundle has no table and no parameter of this name")
    finish(data, lines, as_json=as_json, found=False)


def _fact(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"--for {text}: expected <fact>=<value>, such as account.region=dach")
    return name, valued(value)


def _contents(bundle: Bundle) -> tuple[dict[str, Any], list[str]]:
    pages = [bundle.page(name) for name in bundle.names("tables")]
    lines = [f"bundle {bundle.digest}"]
    lines += [f"{p.name:28} {len(p.rows):>6} rows  {p.why}" for p in pages]
    lines.append(f"{len(bundle.parameters)} parameters, {len(bundle.actions)} actions")
    data = {
        "digest": bundle.digest,
        "tables": [{"name": p.name, "rows": len(p.rows), "why": p.why} for p in pages],
        "parameters": sorted(bundle.parameters),
        "actions": sorted(bundle.actions),
    }
    return data, lines


def _table(bundle: Bundle, name: str, facts: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    name, mark, only = name.partition("#")
    found = bundle.table_for(name, facts)
    page = bundle.page(found.value)
    known = {row.id for row in page.rows} | ({_OTHERWISE} if page.default else set())
    if mark and only not in known:
        raise BundleError(page.file, f"has no row {only!r}")
    lines = [f"{page.name}: {page.why}", f"hit policy: {page.hit.value}"]
    lines += _ladder(found.won, found.shadowed)
    for row in page.rows:
        if mark and row.id != only:
            continue
        when = " and ".join(f"{c} is {cell}" for c, cell in row.cells.items()) or "always"
        then = ", ".join(f"{k} = {v}" for k, v in row.then.items())
        by = f" [{row.owner}]" if row.owner else ""
        lines += [f"  {row.id}{by}: when {when}", f"      then {then}", f"      {row.why}"]
    if page.default and only in ("", _OTHERWISE):
        lines.append(f"  otherwise: {', '.join(f'{k} = {v}' for k, v in page.default.items())}")
    return _told(page) | {"shadowed": [vars(s) for s in found.shadowed]}, lines


def _told(page: DecisionTable) -> dict[str, Any]:
    return {
        "name": page.name,
        "why": page.why,
        "hit": page.hit.value,
        "owner": page.owner,
        "columns": {n: k.value for n, k in page.columns.items()},
        "outputs": {n: k.value for n, k in page.outputs.items()},
        "default": page.default,
        "rows": [
            {"id": r.id, "when": r.cells, "then": r.then, "why": r.why, "owner": r.owner}
            for r in page.rows
        ],
    }


def _parameter(
    bundle: Bundle, name: str, facts: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    stated, found = bundle.parameters[name], bundle.resolve(name, facts)
    lines = [
        f"{name} = {found.value} {stated.unit}",
        f"  {found.won.why}",
        f"  owner {stated.owner}, valid from {stated.valid_from}, review by {stated.review_by}",
        f"  read by {stated.read_by}",
        *([f"  {stated.bounds}"] if stated.bounds else []),
        *_ladder(found.won, found.shadowed),
    ]
    lines += [f"  for {o.level.value} {o.of}: {o.value} ({o.why})" for o in stated.override]
    data = stated.model_dump(mode="json") | {
        "value": found.value,
        "won": vars(found.won),
        "shadowed": [vars(s) for s in found.shadowed],
    }
    return data, lines


def _ladder(won: Step, shadowed: tuple[Step, ...]) -> list[str]:
    if not shadowed:
        return []
    told = ", ".join(f"{s.level.value} ({s.value})" for s in shadowed)
    return [f"  {won.level.value} {won.of} wins; shadowed: {told}"]
