"""Keep personal fields at home: placeholders out, values back. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_FEWEST = 2
"""A single letter stands in every text."""


def redacted(
    question: Mapping[str, Any], hidden: Iterable[str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the question with placeholders for its hidden fields, and what they stand for.

    A value is replaced wherever it stands as a word of its own, at any depth, in other fields too.
    """
    names = {f"[[{name}]]": str(question[name]) for name in sorted(hidden) if question.get(name)}
    clean = {name: hide(value, names) for name, value in question.items()}
    return clean | {mark[2:-2]: mark for mark in names}, names


def hide(said: Any, names: Mapping[str, str], least: int = _FEWEST) -> Any:  # noqa: ANN401  any JSON
    """Return some JSON with placeholders for the values that stand in it.

    What is put at rest hides values of one letter (`least`), too: `restored` undoes it exactly.
    """
    values = {value: mark for mark, value in names.items() if len(value) >= least}
    longest = sorted(values, key=len, reverse=True)
    if not longest:
        return said
    found = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")
    return _inside(said, lambda text: found.sub(lambda match: values[match[0]], text))


def restored(said: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401  any JSON
    """Return some JSON with the real values back in place."""
    if not names:
        return said
    found = re.compile("|".join(map(re.escape, names)))
    return _inside(said, lambda text: found.sub(lambda match: names[match[0]], text))


def _inside(said: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401  any JSON
    if isinstance(said, str):
        return change(said)
    if isinstance(said, dict):
        return {key: _inside(value, change) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [_inside(value, change) for value in said]
    return said
