"""`mos policy evaluate`: what does a table say of these facts?"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.bundle import POLICIES, Folder
from cli.output import AsJson
from cli.refusal import bad_input
from mos.errors import BundleError
from mos.policy.bundle.bundle import read_folder
from mos.policy.table.engine import CompiledTable, FactError
from mos.policy.table.literal import finite, parse_toml
from mos.policy.table.page import parse_table


def evaluate(
    table: Annotated[str, typer.Argument(help="A table of the bundle, or a TOML file.")],
    facts: Annotated[Path, typer.Option(help="Facts: one JSON object, or one a line (.jsonl).")],
    trace: Annotated[bool, typer.Option(help="Say which rows almost decided.")] = False,  # noqa: FBT002  Typer's own form of a flag
    folder: Annotated[Path, Folder] = POLICIES,
    as_json: Annotated[bool, AsJson] = True,  # noqa: ARG001, FBT002  it prints nothing else
) -> None:
    """Print one JSON result a line: {"row": index or null, "output": {…}}. Exit 2 on bad input."""
    with bad_input():
        compiled = _compiled(table, folder)
        for where, given in _some(facts):
            _warn(compiled, given)
            try:
                result = _result(compiled, given, trace=trace)
            except FactError as error:
                raise ValueError(f"{where}: {error}") from None
            typer.echo(json.dumps(result, sort_keys=True))


def _compiled(table: str, folder: Path) -> CompiledTable:
    path = Path(table)
    if path.suffix == ".toml" and path.is_file():
        sheet = path.with_suffix(".csv")
        rows = sheet.read_text(encoding="utf-8") if sheet.is_file() else None
        page = parse_toml(str(path), path.read_text(encoding="utf-8"))
        return CompiledTable(parse_table(path.stem, str(path), page, rows))
    if path.suffix == ".toml":
        raise BundleError(table, "there is no such file")
    return read_folder(folder).table(table)


def _some(path: Path) -> list[tuple[str, dict[str, Any]]]:
    found = list(_facts(path))
    if not found:
        raise ValueError(f"{path}: no facts; write a JSON object of facts, or one a line")
    return found


def _facts(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object of facts, and where it stands."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines() if path.suffix == ".jsonl" else [text]
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            given = json.loads(line)
        except ValueError as error:
            raise ValueError(f"{where}: not JSON: {error}") from None
        if not isinstance(given, dict):
            raise ValueError(f"{where}: expected an object of facts")  # noqa: TRY004  a wrong file, not a wrong type
        for name, fact in given.items():
            if not finite(fact):
                raise ValueError(f"{where}: {name} is a number, found {fact!s:.20}")
        yield where, given


def _warn(compiled: CompiledTable, given: dict[str, Any]) -> None:
    """Say on standard error which facts no column reads: a typing error looks like that."""
    columns = compiled.table.columns
    if strange := sorted(set(given) - set(columns)):
        names = ", ".join(strange[:3])
        typer.echo(f"no column reads {names}; columns: {', '.join(columns)}", err=True)


def _result(compiled: CompiledTable, given: dict[str, Any], *, trace: bool) -> dict[str, Any]:
    answer = compiled.explain(given, most=20) if trace else compiled.evaluate(given)
    result: dict[str, Any] = {"row": answer.index, "output": dict(answer.output)}
    if answer.hinges_on:
        result["hinges_on"] = list(answer.hinges_on)
        result["unknown"] = list(answer.unknown)
        result["verdict"] = answer.verdict
    if trace:
        result["row_id"] = answer.row_id
        result["rows"] = [row.id for row in answer.rows]
        result["almost"] = [{"row": row.id, "column": column} for row, column in answer.almost]
    return result
