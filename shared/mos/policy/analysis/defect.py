"""What is wrong in a table before anybody asks it: dead rows, gaps, overlaps, conflicts. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mos.policy.analysis.space import Box, Space, TooManyCasesError, meet, without
from mos.policy.table.table import DecisionTable, Hit, Row

MOST_ROWS = 2_000
_MOST_OVERLAPS = 20


class Kind(StrEnum):
    """What a finding is about."""

    UNREACHABLE = "unreachable"
    MISSING = "missing_case"
    OVERLAP = "overlap"
    CONFLICT = "write_conflict"
    OVERRIDDEN = "overridden"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Found:
    """One finding: the rows it is about, and a lead that shows it."""

    kind: Kind
    detail: str
    rows: tuple[str, ...] = ()
    lead: dict[str, Any] | None = None


def analyse(table: DecisionTable) -> list[Found]:
    """Return what is wrong or worth knowing about a table's rows.

    A table that cannot be worked out in reasonable time says so; nothing is guessed.
    """
    if len(table.rows) > MOST_ROWS:
        detail = f"{len(table.rows)} rows: overlaps and gaps are worked out up to {MOST_ROWS}"
        return [Found(Kind.UNDECIDED, detail)]
    try:
        space = Space(table.columns, table.rows)
        boxes = [space.box(row) for row in table.rows]
        return list(_found(table, space, boxes))
    except TooManyCasesError as error:
        return [Found(Kind.UNDECIDED, f"too many cases to work out: {error}")]


def _found(table: DecisionTable, space: Space, boxes: Sequence[Box]) -> Iterator[Found]:
    yield from _impossible(table, boxes)
    if table.hit is Hit.FIRST:
        yield from _unreachable(table, boxes)
        yield from _overlaps(table, space, boxes)
    elif table.hit is Hit.ALL:
        yield from _conflicts(table, space, boxes)
    else:
        yield from _overridden(table, space, boxes)
    if table.hit is not Hit.ALL and not table.states_default:
        yield from _gaps(space, boxes)


def _impossible(table: DecisionTable, boxes: Sequence[Box]) -> Iterator[Found]:
    for row, box in zip(table.rows, boxes, strict=True):
        if not all(box):
            yield Found(Kind.UNREACHABLE, f"row {row.id} can never hold", (row.id,))


def _unreachable(table: DecisionTable, boxes: Sequence[Box]) -> Iterator[Found]:
    """Name rows that one earlier row covers, or several together while that can be worked out."""
    together = True
    for place, box in enumerate(boxes):
        if not all(box):
            continue
        earlier = [i for i in range(place) if meet(boxes[i], box)]
        by = [i for i in earlier if meet(boxes[i], box) == box][:1]
        if not by and together:
            try:
                by = _cover(box, boxes, earlier)
            except TooManyCasesError:
                together = False
        if by:
            row, names = table.rows[place].id, tuple(table.rows[i].id for i in by)
            detail = f"row {row} is never reached: {', '.join(names)} always decides before it"
            yield Found(Kind.UNREACHABLE, detail, (row, *names))
    if not together:
        detail = "too many cases to work out which rows several others cover together"
        yield Found(Kind.UNDECIDED, detail)


def _cover(box: Box, boxes: Sequence[Box], earlier: Sequence[int]) -> list[int]:
    """Return the earlier rows that together leave nothing of a box, or none where some is left."""
    left, cover = [box], list[int]()
    for other in earlier:
        before, left = left, without(left, boxes[other])
        if left != before:
            cover.append(other)
        if not left:
            return cover
    return []


def _overlaps(table: DecisionTable, space: Space, boxes: Sequence[Box]) -> Iterator[Found]:
    listed = 0
    for (i, first), (j, second) in _pairs(table.rows):
        both = meet(boxes[i], boxes[j])
        if both is None or first.then == second.then or both == boxes[j]:
            continue
        listed += 1
        if listed > _MOST_OVERLAPS:
            yield Found(
                Kind.OVERLAP, f"more than {_MOST_OVERLAPS} overlaps; the rest is not listed"
            )
            return
        detail = f"rows {first.id} and {second.id} can both hold; {first.id} decides"
        yield Found(Kind.OVERLAP, detail, (first.id, second.id), space.facts(both))


def _conflicts(table: DecisionTable, space: Space, boxes: Sequence[Box]) -> Iterator[Found]:
    for (i, first), (j, second) in _pairs(table.rows):
        clash = [
            name
            for name in table.single
            if name in first.then and name in second.then and first.then[name] != second.then[name]
        ]
        both = meet(boxes[i], boxes[j]) if clash else None
        if both is not None:
            detail = f"rows {first.id} and {second.id} can both hold and disagree on {clash[0]}"
            yield Found(Kind.CONFLICT, detail, (first.id, second.id), space.facts(both))


def _overridden(table: DecisionTable, space: Space, boxes: Sequence[Box]) -> Iterator[Found]:
    """List where one says yes and another says no: the no holds."""
    for (i, first), (j, second) in _pairs(table.rows):
        if bool(first.then.get("allow")) is bool(second.then.get("allow")):
            continue
        both = meet(boxes[i], boxes[j])
        if both is not None:
            yes, no = (first, second) if first.then.get("allow") else (second, first)
            detail = f"{_said(yes)} allows what {_said(no)} denies: the denial holds"
            yield Found(Kind.OVERRIDDEN, detail, (yes.id, no.id), space.facts(both))


def _gaps(space: Space, boxes: Sequence[Box]) -> Iterator[Found]:
    left = [space.everything]
    try:
        for box in boxes:
            left = without(left, box)
    except TooManyCasesError:
        yield Found(Kind.UNDECIDED, "too many cases to work out whether some row holds for each")
        return
    if left:
        lead = space.facts(left[0])
        yield Found(Kind.MISSING, "no row holds for some cases, and there is no default", (), lead)


def _said(row: Row) -> str:
    return f"row {row.id} ({row.owner})" if row.owner else f"row {row.id}"


def _pairs(rows: Sequence[Row]) -> Iterator[tuple[tuple[int, Row], tuple[int, Row]]]:
    for j, second in enumerate(rows):
        for i in range(j):
            yield (i, rows[i]), (j, second)
