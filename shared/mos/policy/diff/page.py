"""What differs between two bundles' actions, limits, experiments and challenges, in plain words."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from mos.model.base import Noun
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.challenge import challenges

Difference = dict[str, str]
"""`file`, `kind` (added, removed, changed) and `says`."""

_KINDS = {
    "actions/": "action",
    "constraints/": "constraint",
    "experiments/": "experiment",
    "challenges/": "challenge",
}
FOLDERS = tuple(_KINDS)


def compare_pages(old: Bundle, new: Bundle) -> Iterator[Difference]:
    """Yield each difference of a page that states one thing, field by field."""
    for folder, kind in _KINDS.items():
        before, after = _pages(old, folder), _pages(new, folder)
        for name in sorted(before.keys() | after.keys()):
            file, what = f"{folder}{name}.toml", f"The {kind} {name}"
            if name not in before:
                why = getattr(after[name], "why", "")
                yield describe(file, "added", f"{what} is new: {why}")
            elif name not in after:
                yield describe(file, "removed", f"{what} is gone.")
            else:
                one, other = (p[name].model_dump(mode="json") for p in (before, after))
                for text in _changes(one, other):
                    yield describe(file, "changed", f"{what}: {text}.")


def _pages(bundle: Bundle, folder: str) -> Mapping[str, Noun]:
    match folder:
        case "actions/":
            return bundle.actions
        case "constraints/":
            return {one.name: one for one in bundle.constraints}
        case "experiments/":
            return {one.name: one for one in bundle.holdouts}
    return {one.name: one for one in challenges(bundle)}


def _changes(one: Mapping[str, Any], other: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Yield each field that differs; of things in a list, the field of the one with its name."""
    for field in dict.fromkeys([*one, *other]):
        was, now = one.get(field), other.get(field)
        if was == now:
            continue
        if _named(was) and _named(now):
            yield from _changes(_by_name(was), _by_name(now), f"{place}{field} ")
        elif isinstance(was, dict) and isinstance(now, dict):
            yield from _changes(was, now, f"{place}{field}: ")
        else:
            yield f"{place}{field} {_turned(was, now)}"


def _turned(was: Any, now: Any) -> str:  # noqa: ANN401  any field
    if was is None or now is None:
        there = now if was is None else was
        said_so = "" if isinstance(there, dict) else f" ({render_value(there)})"
        return f"{'is new' if was is None else 'is gone'}{said_so}"
    return f"is now {render_value(now)} (was {render_value(was)})"


def _named(field: Any) -> TypeGuard[list[dict[str, Any]]]:  # noqa: ANN401  as above
    return isinstance(field, list) and all(isinstance(p, dict) and "name" in p for p in field)


def _by_name(field: list[dict[str, Any]]) -> dict[str, Any]:
    return {part["name"]: part for part in field}


def render_value(one: Any) -> str:  # noqa: ANN401  any parameter's value
    """Return a value as one would say it."""
    if isinstance(one, list):
        return "[" + ", ".join(map(render_value, one)) + "]"
    if isinstance(one, float) and one.is_integer():
        return str(int(one))
    return str(one).lower() if isinstance(one, bool) else str(one)


def describe(file: str, kind: str, text: str) -> Difference:
    """Return one difference."""
    return {"file": file, "kind": kind, "says": text}
