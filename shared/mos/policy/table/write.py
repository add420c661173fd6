"""Write tables and tests as TOML. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from mos.policy.table.table import Example

_BARE = re.compile(r"^[A-Za-z0-9_-]+$")


def written(value: Any) -> str:  # noqa: ANN401  any TOML value
    """Return a value as TOML.

    >>> written({"a.b": ["x", 1, True]})
    '{ "a.b" = ["x", 1, true] }'
    """
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case Mapping():
            inside = ", ".join(f"{_key(k)} = {written(v)}" for k, v in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case list() | tuple() | set() | frozenset():
            return f"[{', '.join(map(written, value))}]"
    raise TypeError(f"TOML has no {type(value).__name__}")


def written_page(page: Mapping[str, Any]) -> str:
    """Return a page: plain values first, then its tables, then its lists of tables."""
    plain, tables, lists = [], [], []
    for key, value in page.items():
        if isinstance(value, Mapping):
            lines = [f"{_key(k)} = {written(v)}" for k, v in value.items()]
            tables.append("\n".join([f"[{_key(key)}]", *lines]))
        elif isinstance(value, list) and value and all(isinstance(v, Mapping) for v in value):
            lists += [
                "\n".join(
                    [f"[[{_key(key)}]]", *(f"{_key(k)} = {written(v)}" for k, v in one.items())]
                )
                for one in value
            ]
        else:
            plain.append(f"{_key(key)} = {written(value)}")
    return "\n".join(["\n".join(plain), *tables, "", "\n\n".join(lists)]).strip() + "\n"


def written_examples(why: str, examples: Iterable[Example]) -> str:
    """Return a test file."""
    return written_page({"why": why, "example": [as_page(e) for e in examples]})


def as_page(example: Example) -> dict[str, Any]:
    """Return an example as a page has it: with its reason, where it has one."""
    said = {"given": example.given, "expect": example.expect}
    return {"why": example.why, **said} if example.why else said


def _key(name: str) -> str:
    return name if _BARE.match(name) else written(name)
