"""What a match leaves behind: a CSV of pairs, and a word on how it was done."""

import csv
import io
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from pydantic import ValidationError

from cli.commands.identity.source import Source
from mos.errors import MalformedError
from mos.matching.model import MatchModel, tell
from mos.sheet.contents import neutralise

if TYPE_CHECKING:
    from mos.matching.match import Matches, Pair


def write_pairs(
    path: Path, pairs: "Sequence[Pair]", ids: tuple[Sequence[str], Sequence[str]]
) -> None:
    """Write pairs as CSV, likeliest first."""
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(["left_id", "right_id", "match_probability", "why"])
    writer.writerows(
        [
            neutralise(ids[0][pair.left]),
            neutralise(ids[1][pair.right]),
            f"{pair.probability:.6f}",
            tell(pair.waterfall),
        ]
        for pair in pairs
    )
    write(path, page.getvalue())


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load_model(path: Path) -> MatchModel:
    """Return a saved model.

    Raises:
        MalformedError: the file holds none.
    """
    try:
        return MatchModel.parse(path.read_bytes())
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"]))
        raise MalformedError(f"{path} holds no match model: {place} {problem['msg']}") from None


def tell_columns(sources: Sequence[Source]) -> None:
    """Say what the columns were taken for, so that a wrong guess is seen."""
    for source in sources:
        fields = ", ".join(f"{c} → {f}" for c, f in source.columns.fields.items())
        typer.echo(f"{source.path}: {len(source.rows):,} rows", err=True)
        typer.echo(f"  compared: {fields}", err=True)
        named = source.columns.id_column or "none, rows are counted from 1"
        typer.echo(f"  id: {named}", err=True)
        if source.columns.ignored:
            typer.echo(f"  not used: {', '.join(source.columns.ignored)}", err=True)
        for note in source.notes:
            typer.echo(f"  {typer.style('note', fg='yellow')} {note}", err=True)


def report(found: "Matches", sources: Sequence[Source], out: Path, *, as_json: bool) -> None:
    """Say what was found and how."""
    told = _summary(found, sources, out)
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for note in found.notes:
        typer.echo(note, err=True)
    typer.echo(
        f"{told['matches']:,} matches in {out}; {told['review']:,} pairs worth a look", err=True
    )


def _summary(found: "Matches", sources: Sequence[Source], out: Path) -> dict[str, Any]:
    matches = sum(pair.band == "match" for pair in found.pairs)
    return {
        "out": str(out),
        "matches": matches,
        "review": len(found.pairs) - matches,
        "notes": list(found.notes),
        "trained": found.model.trained,
        "expected_share_of_pairs": found.model.prior,
        "files": [
            {
                "file": str(source.path),
                "rows": len(source.rows),
                "fields": source.columns.fields,
                "id": source.columns.id_column,
                "ignored": source.columns.ignored,
                "notes": source.notes,
            }
            for source in sources
        ],
    }
