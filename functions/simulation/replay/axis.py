"""The values that a bundle's cells can tell apart, fact by fact. Pure.

Between two thresholds that cells name, no table can tell one number from another: one value of
each stretch stands for all of it. So trying these values is trying every value.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mos.model.base import Fact
from mos.policy.bundle.bundle import Bundle
from mos.policy.table.condition import ColumnType, Condition, holds

OTHER = "(something else)"


@dataclass(frozen=True)
class Stretch:
    """Numbers that no cell tells apart: one point, or all between two (`None`: no end)."""

    low: float | None
    high: float | None
    value: int | float

    @property
    def is_point(self) -> bool:
        """Say whether it is a single number."""
        return self.low == self.high is not None

    def holds(self, number: float) -> bool:
        """Say whether a number lies in it."""
        if self.is_point:
            return number == self.low
        above = self.low is None or number > self.low
        return above and (self.high is None or number < self.high)


@dataclass(frozen=True)
class Axis:
    """One fact: what it is, and every other value worth trying, in order.

    Words that no cell tells apart are tried once: `alike` are all of them, by the one that is.
    """

    name: str
    kind: ColumnType
    now: Fact
    values: tuple[Fact, ...]
    stretches: tuple[Stretch, ...] = ()
    alike: Mapping[Fact, tuple[Fact, ...]] = field(default_factory=dict)

    def spread(self, values: Iterable[Fact]) -> tuple[Fact, ...]:
        """Return these values and all that no cell tells apart from one of them."""
        return tuple(one for value in values for one in self.alike.get(value, (value,)))


def gather_cells(
    bundle: Bundle, tables: Iterable[str]
) -> dict[str, tuple[ColumnType, list[Condition]]]:
    """Return the cells of some tables and of their variants, by the fact that they ask."""
    found: dict[str, tuple[ColumnType, list[Condition]]] = {}
    for name in tables:
        if name not in bundle.names("tables"):
            continue
        for page in map(bundle.page, (name, *bundle.variants.get(name, ()))):
            for row in page.rows:
                for column, cell in row.when.items():
                    found.setdefault(column, (page.columns[column], []))[1].append(cell)
    return found


def build_axis(name: str, kind: ColumnType, cells: Sequence[Condition], now: Fact) -> Axis:
    """Return the values that these cells can tell from each other and from the present one.

    A set changes by one member at a time. A fact that is known becomes unknown only where a cell
    asks for just that.
    """
    named = sorted({str(v) for cell in cells for v in cell.any_of | cell.none_of})
    unknown: tuple[Fact, ...] = (None,) if any(cell.known is False for cell in cells) else ()
    match kind:
        case ColumnType.NUMBER:
            found = split_stretches(cells, whole=now is None or isinstance(now, int))
            values = tuple(s.value for s in found if now is None or not s.holds(_number(now)))
            return Axis(name, kind, now, values + unknown, found)
        case ColumnType.BOOLEAN:
            values_: tuple[Fact, ...] = (True, False)
        case ColumnType.SET:
            held = tuple(now) if isinstance(now, tuple) else ()
            values_ = tuple(
                tuple(v for v in held if v != one) if one in held else (*held, one) for one in named
            )
        case _:
            return _build_words(name, kind, cells, now, (*named, OTHER), unknown)
    return Axis(name, kind, now, tuple(v for v in values_ if v != now) + unknown)


def _build_words(
    name: str,
    kind: ColumnType,
    cells: Sequence[Condition],
    now: Fact,
    words: Iterable[str],
    unknown: tuple[Fact, ...],
) -> Axis:
    """Return the axis of a word: one for each group that the cells can't tell apart.

    What is as good as the present value is tried too: it is another one.
    """
    listing = [cell for cell in cells if cell.any_of or cell.none_of]
    groups: dict[tuple[bool, ...], list[Fact]] = {}
    for word in words:
        if word != now:
            groups.setdefault(tuple(bool(holds(cell, word)) for cell in listing), []).append(word)
    # What no cell names stands for itself: it is said by what it is not.
    for members in [m for m in groups.values() if OTHER in m and len(m) > 1]:
        members.remove(OTHER)
        groups[()] = [OTHER]
    alike = {members[0]: tuple(members) for members in groups.values()}
    return Axis(name, kind, now, (*alike, *unknown), alike=alike)


def split_stretches(cells: Iterable[Condition], *, whole: bool) -> tuple[Stretch, ...]:
    """Return the stretches between the thresholds of some cells, lowest first.

    Of a fact that counts (`whole`), those without a whole number are left out; nothing is counted
    below zero.
    """
    ends = {end for cell in cells for interval in cell.intervals for end in interval[:2]}
    points = sorted(end for end in ends if math.isfinite(end))
    if not points:
        return ()
    whole = whole and all(point.is_integer() for point in points)
    found = [Stretch(None, points[0], _plain(points[0] - 1))] if points[0] > 0 else []
    for point, above in pairwise([*points, None]):
        if point is None:
            continue
        found.append(Stretch(point, point, _plain(point)))
        if above is None:
            found.append(Stretch(point, None, _plain(point + 1)))
        elif not whole:
            found.append(Stretch(point, above, (point + above) / 2))
        elif above - point > 1:
            found.append(Stretch(point, above, _plain(point + 1)))
    return tuple(found)


def _plain(number: float) -> int | float:
    return int(number) if number.is_integer() else number


def _number(value: Fact) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
