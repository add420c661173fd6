"""Which caps, pauses, warm-ups and constraints a bundle loosens, in plain words. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from mos.policy.bundle.bundle import Bundle
from mos.policy.table.table import DecisionTable, Row

_CAPS = {
    "contact/limits": ({"at_most": 1, "hours": -1}, ("scope", "channel", "window")),
    "contact/deliverability": ({"warn_share": 1, "pause_share": 1, "volume": 1, "hours": -1}, ()),
    "contact/warm_up": ({"at_most": 1}, ()),
    "contact/dry_run": ({}, ("dry",)),
    "contact/calendars": ({}, ("calendar",)),
}
"""By table: which outputs loosen it as they grow (1) or shrink (-1), which by being another."""


def compare_caps(old: Bundle, new: Bundle) -> Iterator[str]:
    """Yield each cap that allows more, counts less, holds for others, or is gone."""
    after = set(new.names("tables"))
    for name in old.names("tables"):
        base = name.partition("@")[0]
        if base in _CAPS and name in after and "+" not in name:
            yield from _rows(name, old.page(name), new.page(name), *_CAPS[base])
    yield from _constraints(old, new)


def _rows(
    name: str,
    old: DecisionTable,
    new: DecisionTable,
    ways: Mapping[str, int],
    words: tuple[str, ...],
) -> Iterator[str]:
    rows = {row.id: row for row in new.rows}
    for before in old.rows:
        place, after = f"{name}#{before.id}", rows.get(before.id)
        if after is None:
            yield f"{place} is gone: {before.why}"
            continue
        if _narrowed(before, after):
            yield f"{place} holds for others than before (when {_asked(after)})"
        yield from _outputs(place, before.then, after.then, ways, words)


def _outputs(
    place: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    ways: Mapping[str, int],
    words: tuple[str, ...],
) -> Iterator[str]:
    for output, way in ways.items():
        was, now = before.get(output), after.get(output)
        if was is None and now is None:
            continue
        if was is None or now is None or (now - was) * way > 0:
            yield f"{place}: {output} goes from {was} to {now}"
    for output in words:
        if before.get(output) != after.get(output):
            yield f"{place}: {output} is now {after.get(output)} (was {before.get(output)})"


def _narrowed(before: Row, after: Row) -> bool:
    """Say whether a row may fail to hold where it held: a cell that is gone only widens it."""
    return any(before.when.get(column) != cell for column, cell in after.when.items())


def _asked(row: Row) -> str:
    return " and ".join(f"{column} is {said}" for column, said in row.cells.items()) or "always"


def _constraints(old: Bundle, new: Bundle) -> Iterator[str]:
    kept = {one.name: one for one in new.constraints}
    for before in old.constraints:
        after, place = kept.get(before.name), f"The constraint {before.name}"
        if after is None:
            yield f"{place} is gone: {before.why}"
            continue
        if after.at_most > before.at_most or after.unit != before.unit:
            yield (
                f"{place} goes from {before.at_most:g} {before.unit} to "
                f"{after.at_most:g} {after.unit}"
            )
        if after.hours < before.hours:
            yield f"{place} counts {after.hours:g} hours (was {before.hours:g})"
        if gone := sorted(set(before.actions) - set(after.actions)):
            yield f"{place} no longer counts {', '.join(gone)}"
