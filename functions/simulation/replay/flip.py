"""The smallest change of facts that turns a decision. Pure.

One fact is changed to every value that the cells can tell apart; where that turns nothing, two.
It is exact over those values, and stops at a stated number of tries.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from functions.simulation.replay.axis import OTHER, Axis, Stretch
from mos.model.base import Fact, Facts
from mos.policy.fact_values import render_fact
from mos.policy.table.condition import ColumnType

Turns = Callable[[Facts], bool]
"""Say whether these changes turn the decision as wanted."""

_SHOWN, _NAMED = 6, 8
_IN = {"is": "in", "is not": "not in"}


@dataclass(frozen=True)
class FactChange:
    """One fact and the values of it that do, in the axis' order."""

    axis: Axis
    values: tuple[Fact, ...]

    @property
    def said(self) -> str:
        """Return it as one would say it: `account.employees ≥ 200`."""
        name, held = self.axis.name, self.axis.now
        match self.axis.kind:
            case ColumnType.NUMBER if None not in self.values:
                return f"{name} {_span([s for s in self.axis.stretches if s.value in self.values])}"
            case ColumnType.SET if None not in self.values:
                before = set[str](held if isinstance(held, tuple) else ())
                after = [set[str](v) for v in self.values if isinstance(v, tuple)]
                more = sorted(set().union(*after) - before)
                less = sorted(before - after[0].intersection(*after))
                said = ([f"has {' or '.join(more)}"] if more else []) + [f"lacks {x}" for x in less]
                return f"{name} {' or '.join(said)}"
        every = self.axis.spread(self.axis.values)
        kept = [v for v in every if v is not None and v not in self.values]
        barred = kept if held is None or held in kept else [*kept, held]
        # Of a closed vocabulary all but a few are said by those few.
        if OTHER in self.values or _NAMED < len(self.values) > len(barred) > 0:
            return f"{name} {_one_of('is not', barred)}"
        return f"{name} {_one_of('is', self.values)}"


@dataclass(frozen=True)
class Flip:
    """Facts that must all change for the decision to turn."""

    changes: tuple[FactChange, ...]

    @property
    def facts(self) -> Facts:
        """Return one change of facts that does it."""
        return {c.axis.name: c.values[0] for c in self.changes}

    @property
    def said(self) -> str:
        """Return it as one would say it."""
        both = " and ".join(change.said for change in self.changes)
        return f"({both})" if len(self.changes) > 1 else both


@dataclass(frozen=True)
class Flips:
    """The smallest flips: how many facts they change, and whether every case was tried."""

    found: tuple[Flip, ...]
    size: int
    tried: int
    of: int

    @property
    def is_whole(self) -> bool:
        """Say whether every case was tried."""
        return self.tried >= self.of

    @property
    def said(self) -> str:
        """Return them as one would say them, the simplest first."""
        bound = "" if self.is_whole else f" (tried {self.tried:,} of {self.of:,} cases)"
        if not self.found:
            return f"no change of one or two facts does it{bound}"
        more = len(self.found) - _SHOWN
        tail = f", or {more} more" if more > 0 else ""
        return " or ".join(flip.said for flip in self.found[:_SHOWN]) + tail + bound


def find_smallest(axes: Sequence[Axis], turns: Turns, most: int, *, enough: int = 12) -> Flips:
    """Return the flips of one fact, or else those of two.

    Tries stop at `most`; pairs of facts also stop at the `enough`th that turns it.
    """
    singles = sum(len(axis.values) for axis in axes)
    ones = [Flip((change,)) for axis in axes for change in _runs(axis, turns)]
    if ones:
        return Flips(tuple(ones), 1, singles, singles)
    twos: dict[tuple[str, str], Flip] = {}
    tried, of = singles, singles + _pairs(axes)
    for one, two in combinations(axes, 2):
        if tried >= most or len(twos) >= enough:
            break
        tried += len(one.values) * len(two.values)
        flip = next(_both(one, two, turns), None)
        if flip:
            twos[one.name, two.name] = flip
    return Flips(tuple(twos.values()), 2, tried, of)


def _pairs(axes: Sequence[Axis]) -> int:
    return sum(len(one.values) * len(two.values) for one, two in combinations(axes, 2))


def _runs(axis: Axis, turns: Turns) -> Iterator[FactChange]:
    """Yield the values of one fact that turn it: numbers in unbroken stretches, others together."""
    hits = [value for value in axis.values if turns({axis.name: value})]
    if not hits:
        return
    if axis.kind is not ColumnType.NUMBER:
        yield FactChange(axis, axis.spread(hits))
        return
    run: list[Fact] = []
    for value in (*(stretch.value for stretch in axis.stretches), None):
        if value is not None and value in hits:
            run.append(value)
        elif run:
            yield FactChange(axis, tuple(run))
            run = []
    if None in hits:
        yield FactChange(axis, (None,))


def _both(one: Axis, two: Axis, turns: Turns) -> Iterator[Flip]:
    """Yield changes of two facts: for the first value of one that does, all of the other."""
    hits = [(a, b) for a, b in product(one.values, two.values) if turns({one.name: a, two.name: b})]
    by_first: dict[Fact, tuple[Fact, ...]] = {}
    for a, b in hits:
        by_first[a] = (*by_first.get(a, ()), b)
    for seconds in by_first.values():
        # Every value of the one goes with every value of the other, or it would not be true.
        firsts = tuple(a for a in by_first if by_first[a] == seconds)
        yield from (
            Flip((FactChange(one, x), FactChange(two, y)))
            for x in _unbroken(one, firsts)
            for y in _unbroken(two, seconds)
        )


def _unbroken(axis: Axis, values: tuple[Fact, ...]) -> list[tuple[Fact, ...]]:
    """Return the values in runs that can be said in one breath."""
    return [change.values for change in _runs(axis, lambda facts: facts[axis.name] in values)]


def _one_of(verb: str, values: Sequence[Fact]) -> str:
    said = [render_fact(value) for value in values]
    if len(said) > _NAMED:
        said = [*said[: _NAMED - 1], f"and {len(said) - _NAMED + 1} more"]
    return f"{verb} {said[0]}" if len(said) == 1 else f"{_IN[verb]} {{{', '.join(said)}}}"


def _span(run: Sequence[Stretch]) -> str:
    first, last = run[0], run[-1]
    if first.is_point and len(run) == 1:
        return f"= {first.low:g}"
    low = "" if first.low is None else f"{'≥' if first.is_point else '>'} {first.low:g}"
    high = "" if last.high is None else f"{'≤' if last.is_point else '<'} {last.high:g}"
    return " and ".join(filter(None, (low, high)))
