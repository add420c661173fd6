"""`mos logs`: why was my webhook refused, and what else went wrong?"""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.deployment import deployment
from cli.output import AsJson, finish

if TYPE_CHECKING:
    from mos.deployment.logs import LogLine

app = typer.Typer()
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@app.command("logs")
def logs(
    *,
    layer: Annotated[
        str, typer.Argument(help="One function, such as webhook; without it, all of them.")
    ] = "",
    source: Annotated[str, typer.Option(help="Only of one source, such as hubspot.")] = "",
    last: Annotated[str, typer.Option(help="How far back: 30m, 6h, 2d.")] = "1h",
    everything: Annotated[bool, typer.Option("--all", help="Not only what went wrong.")] = False,
    most: Annotated[int, typer.Option(help="The newest so many lines.", min=1)] = 50,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Say what the stage's functions warned of: refused requests with their reason, what failed."""
    from cli.refusal import bad_input  # noqa: PLC0415  slow: only what runs pays
    from mos.deployment.logs import list_layers, read_logs  # noqa: PLC0415  as above

    where = deployment()
    known = list_layers(where)
    with bad_input():
        since = datetime.now(UTC) - _span(last)
        if layer and layer not in known:
            raise ValueError(f"no function {layer!r} keeps a log; these do: {', '.join(known)}")
    found: list[LogLine] = []
    for one in [layer] if layer else known:
        found += read_logs(where, one, since, everything=everything)
    found = [line for line in found if source in ("", line.about.get("source"))]
    found.sort(key=lambda line: line.at)
    shown, left = found[-most:], max(0, len(found) - most)
    data = [
        {"at": f"{line.at:%FT%TZ}", "layer": line.layer, "level": line.level,
         "message": line.message, **line.about} for line in shown
    ]  # fmt: skip
    lines = [f"… {left} earlier (--most shows more)"] if left else []
    lines += [_write(line) for line in shown]
    finish(data, lines or [_nothing(last, everything=everything)], as_json=as_json, found=False)


def _write(line: "LogLine") -> str:
    """Return a line for people; a refusal with its reason, and how it is looked into."""
    about = dict(line.about)
    who, reason, detail = (str(about.pop(n, "")) for n in ("source", "reason", "detail"))
    said = ": ".join(word for word in (reason, detail) if word)
    rest = ", ".join(f"{name} {_short(value)}" for name, value in about.items())
    words = [line.message, who, said, f"({rest})" if rest else ""]
    return f"{line.at:%m-%d %H:%M:%S}Z {line.layer}: " + " ".join(word for word in words if word)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004  a line's rest


def _nothing(last: str, *, everything: bool) -> str:
    return f"Nothing was logged in the last {last}." if everything else (
        f"Nothing went wrong in the last {last} (--all shows every line)."
    )  # fmt: skip


def _span(text: str) -> timedelta:
    number, unit = text[:-1], text[-1:]
    if unit not in _UNITS or not number.isdecimal() or not int(number):
        raise ValueError(f"--last {text}: expected so many minutes, hours or days: 30m, 6h, 2d")
    return timedelta(**{_UNITS[unit]: int(number)})
