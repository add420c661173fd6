"""`mos accounts import`: a list of companies, put on a list of accounts as it is today."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.deployment import deployment
from cli.output import AsJson
from mos.errors import MosError
from mos.identity.lists.account_sheet import AccountSheet, ListedCompany, read_account_sheet
from mos.model.plain_text import make_plain

app = typer.Typer(help="Lists of accounts: who is on one, and bringing one in.")
_HELD_BACK = (
    "nobody is taken off: a line that cannot be read may be of somebody on the list. "
    "Mend it and import again, or say --no-keep"
)
_AT_ONCE, _MOST_SAID, _MOST_BYTES = 50, 20, 50_000_000


@app.callback()
def _group() -> None:
    """Lists of accounts: who is on one, and bringing one in."""


@app.command("import")
def import_accounts(
    file: Annotated[Path, typer.Argument(help="A CSV with a header: domain or website, and more.")],
    name: Annotated[str, typer.Option("--list", help="The list, such as target_accounts.")],
    *,
    dry_run: Annotated[bool, typer.Option(help="Send nothing; say what would happen.")] = False,
    keep: Annotated[
        bool | None,
        typer.Option(
            help="Keep on the list whom this file does not name, or take them off. Not said: they "
            "are taken off where every line could be read."
        ),
    ] = None,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Put the companies of a file on a list, and take off who is not in it any more.

    They need not be known yet. A column without a known meaning is a field of the company's own:
    declare it (`policies/facts`), and policy may ask it; `list_<name>` says whether a company is
    on the list. Where a line cannot be read nobody is taken off, but with `--no-keep`.
    """
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise typer.BadParameter(f"{file}: larger than {_MOST_BYTES // 1_000_000} MB")
        raw = file.read_bytes()
        sheet = read_account_sheet(raw)
    except (OSError, MosError) as error:
        said = f"{file}: {error.strerror}" if isinstance(error, OSError) else error
        typer.echo(f"cannot import: {said}", err=True)
        raise typer.Exit(2) from None
    # The same file again is another import: what was taken off in between is put on again.
    began = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    round_ = f"{began}-{hashlib.sha256(raw).hexdigest()[:16]}"
    held_back = keep is None and sheet.unread > 0
    put, gone = (0, 0) if dry_run else _send(sheet, name, round_, keep=held_back or bool(keep))
    answer = {
        "list": name, "round": round_, "columns": sheet.columns, "companies": len(sheet.companies),
        "put": put, "taken_off": gone, "held_back": held_back, "notes": list(sheet.notes),
        "refused": [{"line": one.line, "reason": one.reason} for one in sheet.refused],
    }  # fmt: skip
    if as_json:
        typer.echo(json.dumps(answer, indent=2, sort_keys=True, ensure_ascii=False))
        return
    _print(sheet, answer, dry_run=dry_run)


def _send(sheet: AccountSheet, name: str, round_: str, *, keep: bool) -> tuple[int, int]:
    put = gone = 0
    for part in _parts(sheet.companies):
        accounts = [{"domain": one.domain, "facts": one.facts} for one in part]
        put += _ask(word="put", list=name, round=round_, accounts=accounts)["count"]
    more = bool(sheet.companies) and not keep
    while more:
        said = _ask(word="close", list=name, round=round_)
        gone, more = gone + said["count"], said["more"]
    return put, gone


def _ask(**arguments: Any) -> dict[str, Any]:  # noqa: ANN401  the tool's own arguments
    answer = deployment().ask("account_list", **arguments)
    if not answer.get("ok"):
        typer.echo(f"cannot import: {answer['reason']}: {answer['detail']}", err=True)
        raise typer.Exit(2)
    data: dict[str, Any] = answer["data"]
    return data


def _parts(companies: tuple[ListedCompany, ...]) -> Iterator[tuple[ListedCompany, ...]]:
    for first in range(0, len(companies), _AT_ONCE):
        yield companies[first : first + _AT_ONCE]


def _print(sheet: AccountSheet, answer: dict[str, Any], *, dry_run: bool) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    named = ", ".join(f"{heading} → {meaning}" for heading, meaning in sheet.columns.items())
    console.print(make_plain(f"columns: {named}"))
    for note in sheet.notes:
        console.print(make_plain(note), style="dim")
    for one in sheet.refused[:_MOST_SAID]:
        console.print(make_plain(f"line {one.line}: {one.reason}"))
    if len(sheet.refused) > _MOST_SAID:
        console.print(f"… and {len(sheet.refused) - _MOST_SAID} more lines")
    if answer["held_back"]:
        console.print(_HELD_BACK)
    count = f"{len(sheet.companies)} companies, {len(sheet.refused)} lines refused"
    if dry_run:
        console.print(f"{count}; nothing was sent")
        return
    moved = f"{answer['put']} put on {answer['list']}, {answer['taken_off']} taken off"
    console.print(f"{count}; {moved}")
