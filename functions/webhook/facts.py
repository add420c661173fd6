"""Make any JSON object into bounded facts. Pure."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mos.model.base import Fact, Facts

_FACTS = 100
_TEXT = 2_000
_NAME = 200
_ITEMS = 50
_ITEM = 500
_INTEGER = 2**63


def facts(values: Mapping[str, Any]) -> tuple[Facts, tuple[str, ...]]:
    """Return `values` flattened to dotted names, and the names of what had to be cut.

    At most 100 facts, texts of at most 2,000 characters, names of at most 200, lists of texts of
    at most 50 times 500. Whole numbers beyond 64 bits become text, since no store keeps them.

    >>> facts({"plan": {"tier": "pro", "seats": 5}})
    ({'plan.tier': 'pro', 'plan.seats': 5}, ())
    """
    kept: Facts = {}
    cut: list[str] = []
    for name, value in _leaves(values, ""):
        if len(kept) == _FACTS:
            cut.append("…")
            break
        if not name or len(name) > _NAME:
            cut.append(name[:_NAME])
            continue
        fact = _fact(value)
        if not _is_whole(value, fact):
            cut.append(name)
        kept.setdefault(name, fact)
    return kept, tuple(cut[:_ITEMS])


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  any JSON
    # A long name is not followed inwards: it would be copied for each value below it.
    if len(path) > _NAME:
        yield path, None
    elif isinstance(value, Mapping):
        for name, inside in value.items():
            yield from _leaves(inside, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for index, inside in enumerate(value):
            yield from _leaves(inside, f"{path}.{index}")
    else:
        yield path, value


def _fact(value: Any) -> Fact:  # noqa: ANN401  any JSON
    if isinstance(value, str):
        return value[:_TEXT]
    if isinstance(value, list):
        return tuple(_item(item) for item in value[:_ITEMS])
    if isinstance(value, int) and not -_INTEGER <= value < _INTEGER:
        return str(value)
    return value if isinstance(value, bool | int | float) else None


def _item(value: Any) -> str:  # noqa: ANN401  any JSON scalar
    return (value if isinstance(value, str) else json.dumps(value))[:_ITEM]


def _is_whole(value: Any, fact: Fact) -> bool:  # noqa: ANN401  any JSON
    if isinstance(value, list) and isinstance(fact, tuple):
        return len(value) == len(fact) and all(
            not isinstance(v, str) or v == f for v, f in zip(value, fact, strict=True)
        )
    return not isinstance(value, str) or value == fact
