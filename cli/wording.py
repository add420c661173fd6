"""An answer's words as an operator reads them: commands for tools, times in the reader's zone."""

import os
import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_TOOL = re.compile(r"`([a-z]+(?:_[a-z]+)*)`")
_MOMENT = re.compile(r"\b(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?) UTC\b")


def reword(value: Any) -> Any:  # noqa: ANN401  any JSON
    """Return the value with tools named as commands, and times in the zone that `TZ` names.

    Without `TZ`, or where it names no zone, times stay UTC; they are always marked.
    """
    zone, commands = read_zone(), dict[str, str]()

    def reword_text(text: str) -> str:
        if "`" in text:
            commands.update(commands or _list_commands())
            text = _TOOL.sub(lambda m: f"`{commands.get(m[1], m[1])}`", text)
        return _MOMENT.sub(lambda m: _shift(m, zone), text) if zone else text

    def walk(one: Any) -> Any:  # noqa: ANN401  as above
        if isinstance(one, str):
            return reword_text(one)
        if isinstance(one, dict):
            return {name: walk(part) for name, part in one.items()}
        return [walk(part) for part in one] if isinstance(one, list | tuple) else one

    return walk(value)


def read_zone() -> ZoneInfo | None:
    """Return the zone that the terminal's `TZ` names, if it names one."""
    name = os.environ.get("TZ", "").removeprefix(":")
    try:
        return ZoneInfo(name) if name and name != "UTC" else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _shift(found: re.Match[str], zone: ZoneInfo) -> str:
    try:
        moment = datetime.fromisoformat(f"{found[1]} {found[2]}").replace(tzinfo=UTC)
        there = moment.astimezone(zone)
    except (ValueError, OverflowError):
        return found[0]
    seconds = ":%S" if found[2].count(":") > 1 else ""
    return there.strftime(f"%Y-%m-%d %H:%M{seconds} %Z")


def _list_commands() -> dict[str, str]:
    """Return the command that asks each tool: its first, where it has several."""
    from cli.tool_commands import list_commands  # noqa: PLC0415  half a second: all the tools

    named: dict[str, str] = {}
    for tool, command in list_commands().values():
        named.setdefault(tool.name, f"mos {command.words}")
    return named
