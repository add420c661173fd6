"""`mos secret`: what proves who sends to a door, per door: stored, changed, listed, never shown."""

import sys
from typing import Annotated

import typer

from cli.deployment import deployment
from cli.output import AsJson, finish
from cli.refusal import bad_input
from mos.deployment import secret as stored

app = typer.Typer(help="Secrets of doors and systems.", no_args_is_help=True)
_NAME = "A door, such as hubspot; or in full, such as action/hubspot."
_LOCAL = "The local stage gets its own secrets back at the next `mos up`."


@app.callback()
def _group() -> None:
    """Secrets of doors and systems."""


@app.command("list")
def list_(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Say which secrets the stage has, since when, and which doors have none."""
    from functions.webhook import sources  # noqa: PLC0415  slow: only what runs pays
    from mos.plugins import names  # noqa: PLC0415  as above

    found = {one.name: one for one in stored.list_secrets(deployment())}
    doors = [f"webhook/{name}" for name in names(sources)]
    rows = [
        {"name": name, "stored": name in found,
         "changed": f"{found[name].changed:%F}" if name in found and found[name].changed else None}
        for name in sorted({*found, *doors})
    ]  # fmt: skip
    wide = max(len(str(row["name"])) for row in rows)
    lines = [
        f"{row['name']:<{wide}}  {row['changed'] or 'stored'}"
        if row["stored"]
        else f"{row['name']:<{wide}}  none stored"
        for row in rows
    ]
    finish(rows, lines, as_json=as_json, found=False)


@app.command("add")
def add(name: Annotated[str, typer.Argument(help=_NAME)]) -> None:
    """Store a door's first secret, read from standard input or asked for: never from the line."""
    with bad_input():
        where, full = deployment(), _full(name)
        stored.add_secret(where, full, _ask(full))
    _done(f"{full} is stored; functions read it within five minutes.")


@app.command("rotate")
def rotate(
    name: Annotated[str, typer.Argument(help=_NAME)],
    *,
    done: Annotated[bool, typer.Option("--done", help="The sender has the new one.")] = False,
) -> None:
    """Give a door a new secret beside the old one; with --done only the new one opens it."""
    with bad_input():
        where, full = deployment(), _full(name)
        if done:
            many = stored.end_rotation(where, full)
            _done(f"{full}: {many} older taken away." if many else f"{full} has no older one.")
            return
        stored.rotate_secret(where, full, _ask(full))
    _done(
        f"{full}: both open the door now. Give the sender the new one, then "
        f"`mos secret rotate {name} --done`."
    )


def _full(name: str) -> str:
    from functions.webhook.registry import source_named  # noqa: PLC0415  slow

    if "/" in name:
        return name
    source_named(name)
    return f"webhook/{name}"


def _ask(name: str) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(f"The secret of {name}", hide_input=True))
    return sys.stdin.readline()


def _done(text: str) -> None:
    typer.echo(text)
    if deployment().endpoint:
        typer.secho(_LOCAL, dim=True, err=True)
