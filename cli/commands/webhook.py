"""`mos webhook`: look at a captured request with the Lambda's own eyes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from cli.drawn_table import draw_table, find_width
from functions.webhook.check import CaptureError, check
from mos.plugins import names

app = typer.Typer(help="Inbound webhooks.", no_args_is_help=True)

_ADVICE = {
    "missing_header": "Capture the request with all its headers, and switch signing on there.",
    "bad_signature": "Pass the source's own secret with --secret, and the exact bytes and public "
    "url that the sender used; a proxy that rewrites JSON breaks every signature.",
    "stale": "Pass --at with the time at which the request came in.",
    "malformed": "The sender's body is wrong: show it to them.",
    "too_large": "Have the sender lower its batch size.",
}


@app.callback()
def _group() -> None:
    """Inbound webhooks."""


@app.command("check")
def check_request(
    source: Annotated[str, typer.Argument(help="The source, such as hubspot.")],
    request: Annotated[
        Path, typer.Argument(help='JSON: {"method","url","headers","body"|"body_base64"}.')
    ],
    secret: Annotated[
        list[str] | None, typer.Option(help="A secret; repeat it for a rotation.")
    ] = None,
    at: Annotated[str | None, typer.Option(help="When it came in, ISO 8601. Default: now.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Say whether a captured request is genuine, and which signals it would make."""
    try:
        verdict = check(source, _read(request), tuple(secret or ()), _moment(at))
    except CaptureError as error:
        _unreadable(request, error.detail)
    if as_json:
        typer.echo(json.dumps(verdict, indent=2, sort_keys=True))
    else:
        _show(source, verdict)
    raise typer.Exit(0 if verdict["accepted"] else 1)


@app.command("listen")
def listen(
    port: Annotated[int, typer.Option(help="Where to listen, on loopback.")] = 8787,
    secret: Annotated[
        list[str] | None,
        typer.Option(help="SOURCE=SECRET; repeat it. Default: the local stage's secrets."),
    ] = None,
    public: Annotated[
        str, typer.Option(help="The tunnel's address, where the sender signs what it calls.")
    ] = "",
    keep: Annotated[
        Path | None, typer.Option(help="A folder for what came in: `webhook check` reads it.")
    ] = None,
) -> None:
    """Listen for webhooks and say of each whether it would be accepted, and what it would be.

    Post to http://127.0.0.1:PORT/hooks/SOURCE, or lead a tunnel there. Nothing is decided.
    """
    from cli.listening import Ear, serve  # noqa: PLC0415  needed here only

    known = _secrets_of(secret or [])

    def heard(source: str, verdict: dict[str, Any], kept: Path | None) -> None:
        Console().print(f"[bold]{escape(source or 'no door')}[/] {datetime.now(UTC):%H:%M:%S}Z")
        _show(source, verdict)
        if kept:
            Console().print(f"kept: {escape(str(kept))}", style="dim")

    server = serve(Ear(lambda name: known.get(name, ()), heard, public, keep), port)
    typer.echo(f"listening on http://127.0.0.1:{server.server_port}/hooks/<source>; Ctrl-C ends it")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        typer.echo("ended")
    finally:
        server.server_close()


def _secrets_of(stated: list[str]) -> dict[str, tuple[str, ...]]:
    """Return secrets by source: as stated, else those of the local stage."""
    from lab.engine.status import LOCAL  # noqa: PLC0415  needed here only

    if not stated:
        try:
            kept = json.loads((LOCAL / "secrets.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {n.partition("/")[2]: (v,) for n, v in kept.items() if n.startswith("webhook/")}
    found: dict[str, tuple[str, ...]] = {}
    for one in stated:
        source, given, value = one.partition("=")
        if not given:
            raise typer.BadParameter("write it as SOURCE=SECRET", param_hint="--secret")
        found[source] = (*found.get(source, ()), value)
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        captured = json.loads(path.read_bytes())
    except OSError as error:
        raise CaptureError(error.strerror or "the file cannot be read") from None
    except (ValueError, RecursionError):
        raise CaptureError("the file is not JSON") from None
    if not isinstance(captured, dict):
        raise CaptureError("the capture must be a JSON object")
    return captured


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write it as 2026-01-31T09:00:00Z", param_hint="--at") from None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


def _unreadable(path: Path, detail: str) -> NoReturn:
    Console(stderr=True).print(f"[red]cannot read {escape(str(path))}[/]: {escape(detail)}")
    raise typer.Exit(2)


def _show(source: str, verdict: dict[str, Any]) -> None:
    console = Console()
    if not verdict["accepted"]:
        console.print(f"[red bold]rejected[/] {verdict['reason']}: {escape(verdict['detail'])}")
        console.print(_advice(source, verdict["reason"]))
        return
    console.print(f"[green bold]accepted[/] {escape(verdict['detail'])}")
    if verdict["signals"]:
        console.print(_table(verdict["signals"], find_width(console)), soft_wrap=True)
    for refused in verdict["refused"]:
        console.print(f"[yellow]would be parked[/] {escape(refused['reason'])}")


def _advice(source: str, reason: str) -> str:
    if reason == "unknown_source":
        from functions.webhook import sources  # noqa: PLC0415  only a wrong name needs the list

        return f"Known sources: {', '.join(names(sources))}."
    if reason == "bad_signature":
        from functions.webhook.registry import source_named  # noqa: PLC0415  as above

        return f"{_ADVICE[reason]} {source_named(source).advice}".strip()
    return _ADVICE.get(reason, "")


def _table(signals: list[dict[str, Any]], width: int) -> Text:
    rows = []
    for signal in signals:
        who = ", ".join(f"{i['type']}:{i['value']}" for i in signal.get("identifiers", ()))
        cells = (signal["kind"], signal["name"], who or "nobody", signal["occurred_at"])
        rows.append((*cells, signal["signal_id"]))
    return draw_table("Signals", ("kind", "name", "who", "when", "signal id"), rows, width)
