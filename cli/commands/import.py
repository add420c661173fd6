"""`mos import`: bring in a list of people from a CSV, and say what became of every row."""

# ruff: noqa: N999  a command is called as its file is

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.output import AsJson
from mos.errors import MosError

app = typer.Typer()
_MAP = typer.Option(
    "--map",
    metavar="COLUMN=MEANING",
    help="What a column holds: a field, consent:email_marketing, withdraws:email_marketing (or "
    "another purpose), or ignore; a wrong one is answered with the whole list.",
)
_LIST = typer.Option("--list", help="The list's name; the file's without it.")
_FROM = typer.Option(help="Who collected it: first_party, second_party or third_party.")
_REPORT = typer.Option(
    help="Where the report goes: a line per row. FILE.report.csv without it; a dry run writes none."
)


@app.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(help="A CSV with a header line.")],
    *,
    mapped: Annotated[list[str] | None, _MAP] = None,
    name: Annotated[str | None, _LIST] = None,
    provenance: Annotated[str, _FROM] = "second_party",
    report: Annotated[Path | None, _REPORT] = None,
    match: Annotated[bool, typer.Option(help="Look for rows among known people.")] = True,
    dry_run: Annotated[bool, typer.Option(help="Send nothing; say what would happen.")] = False,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Bring in a list of people. No column of consent, no consent: nothing is assumed.

    Columns are guessed from their names and shown. A row that cannot be taken is refused with its
    reason and does not hurt the others. Interrupted, the same command goes on where it was.

    Exit 2 where the file or an option is wrong, 3 where something is asked first: nothing is sent
    then, and `--map` answers.
    """
    from cli.imports.run import Wanted, run  # noqa: PLC0415  seconds: pays for matching
    from mos.deployment.deployment import NotDeployedError  # noqa: PLC0415  as above

    try:
        answer = run(
            Wanted(
                file=file, mapped=tuple(mapped or ()), name=name or file.stem,
                provenance=provenance, report=report,
                match=match, dry_run=dry_run, quiet=as_json,
            )
        )  # fmt: skip
    except (MosError, NotDeployedError) as error:
        typer.echo(f"cannot import: {error}", err=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        typer.echo("stopped: what was taken is kept; run the same command to go on", err=True)
        raise typer.Exit(130) from None
    if as_json:
        typer.echo(json.dumps(answer, indent=2, sort_keys=True, ensure_ascii=False))
    if answer["questions"]:
        raise typer.Exit(3)
