"""Read a story: JSON lines, each checked before anything is played."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from lab.play.error import StoryError
from lab.play.lines import KINDS, StoryLine

LONGEST = 8_000_000
"""Bytes of a line: a body may be larger than a door takes, and no story needs more."""
_LARGEST = 200_000_000
_BRANCHES = ("str", "ListFile", "SamePerson", "Stop", "ProviderFault", "StateFault", "Leaving")
"""Pydantic names the branch of a union that failed: no word of the story."""


def read_story(path: Path) -> list[tuple[int, StoryLine]]:
    """Return the lines of a story with their numbers.

    Raises:
        StoryError: the file cannot be read, is empty, or a line of it is wrong.
    """
    found: list[tuple[int, StoryLine]] = []
    for number, raw in _read_lines(path):
        line = _parse(path.name, number, raw)
        if found and line.at < found[-1][1].at:
            before = f"{found[-1][1].at:%Y-%m-%dT%H:%M:%SZ}"
            _refuse(path.name, number, f"at: time goes backwards, the line before is at {before}")
        found.append((number, line))
    if not found:
        _refuse(path.name, 0, "the story is empty: expected a JSON object on each line")
    return found


def _read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        if path.stat().st_size > _LARGEST:
            _refuse(path.name, 0, f"larger than {_LARGEST // 1_000_000} MB: split the story")
        with path.open("rb") as file:
            for number, raw in enumerate(iter(lambda: file.readline(LONGEST + 1), b""), 1):
                if len(raw) > LONGEST:
                    _refuse(path.name, number, f"the line is longer than {LONGEST:,} bytes")
                if raw.strip():
                    yield number, raw
    except OSError as error:
        _refuse(str(path), 0, error.strerror or "the file cannot be read")


def _parse(file: str, number: int, raw: bytes) -> StoryLine:
    try:
        value = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_refuse_doubles,
            parse_constant=_refuse_constant,
        )
    except (ValueError, RecursionError) as error:
        _refuse(file, number, f"expected a JSON object on one line, in UTF-8: {error}")
    if not isinstance(value, dict):
        _refuse(file, number, f"expected a JSON object, found {type(value).__name__}")
    kind = _find_kind(file, number, value)
    try:
        return kind.from_page(value)
    except (ValidationError, RecursionError) as error:
        _refuse(file, number, _explain(error, kind))


def _find_kind(file: str, number: int, value: dict[str, Any]) -> type[StoryLine]:
    said = [name for name in KINDS if name in value]
    if len(said) != 1:
        found = ", ".join(map(repr, said or value)) or "nothing"
        expected = f"expected `at` and one of {', '.join(KINDS)}"
        _refuse(file, number, f"{expected}; found {found[:200]}")
    return KINDS[said[0]]


def _explain(error: ValidationError | RecursionError, kind: type[StoryLine]) -> str:
    if isinstance(error, RecursionError):
        return "the line is nested too deeply"
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part not in _BRANCHES)
    if first["type"] == "extra_forbidden":
        known = [field.alias or name for name, field in kind.model_fields.items()]
        where = f"; expected {', '.join(known)}" if len(first["loc"]) == 1 else ""
        return f"{place}: unknown key{where}"
    message = first["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def _refuse_doubles(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(name for name, _ in pairs if [p[0] for p in pairs].count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice")
    return made


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON number")


def _refuse(file: str, number: int, detail: str) -> NoReturn:
    raise StoryError(file, number, detail)
