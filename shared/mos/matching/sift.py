"""Rule out pairs of texts that cannot be alike enough, by their length and letters alone.

Bounds are safe: what is ruled out would have failed. They cost a hundredth of a comparison.
"""

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler

from mos.matching.compare import Scorer, contains, few_edits, initial, same_line, same_mailbox

Bools = NDArray[np.bool_]
Shorts = NDArray[np.int16]
_BITS = 64
_PREFIX = 4
_BOOST = 0.1
_SLACK = 1e-9


@dataclass(frozen=True)
class Shape:
    """Of each text its length, a bit for each letter in it, and its first letter."""

    length: Shorts
    letters: NDArray[np.uint64]
    first: NDArray[np.int32]

    def at(self, where: NDArray[np.int64]) -> "Shape":
        return Shape(self.length[where], self.letters[where], self.first[where])


def shape(texts: list[str]) -> Shape:
    """Return the shapes of texts. Letters that share a bit only make the bounds weaker."""
    bits = {c: 1 << ord(c) % _BITS for c in set().union(*texts)}
    masks = [reduce(or_, map(bits.__getitem__, text), 0) for text in texts]
    return Shape(
        np.array([len(text) for text in texts], dtype=np.int16),
        np.array(masks, dtype=np.uint64),
        np.array([ord(text[0]) if text else -1 for text in texts], dtype=np.int32),
    )


@dataclass(frozen=True)
class Gap:
    """What tells the two texts of each pair apart, by their shapes."""

    a: Shape
    b: Shape

    @cached_property
    def filled(self) -> Bools:
        return np.asarray((self.a.length > 0) & (self.b.length > 0))

    @cached_property
    def only_a(self) -> Shorts:
        return np.asarray(np.bitwise_count(self.a.letters & ~self.b.letters), dtype=np.int16)

    @cached_property
    def only_b(self) -> Shorts:
        return np.asarray(np.bitwise_count(self.b.letters & ~self.a.letters), dtype=np.int16)

    @cached_property
    def edits(self) -> Shorts:
        """The least edits: each mends one letter on either side at most, and one of length."""
        lengths = np.abs(self.a.length - self.b.length)
        return np.asarray(np.maximum(np.maximum(self.only_a, self.only_b), lengths))

    @cached_property
    def best_jaro_winkler(self) -> NDArray[np.float64]:
        a, b = self.a.length, self.b.length
        shared = np.maximum(0, np.minimum(a - self.only_a, b - self.only_b)).astype(np.float64)
        jaro = (shared / np.maximum(1, a) + shared / np.maximum(1, b) + 1) / 3
        prefix = np.where(self.a.first == self.b.first, _PREFIX, 0)
        return np.asarray(np.where(shared > 0, jaro + _BOOST * prefix * (1 - jaro), 0.0))


def possible(scorer: Scorer, at_least: float, gap: Gap) -> Bools:
    """Return which pairs may reach a score."""
    if scorer is initial:
        shortest = np.minimum(gap.a.length, gap.b.length)
        return np.asarray(gap.filled & (shortest == 1) & (gap.a.first == gap.b.first))
    if scorer in {contains, same_line, same_mailbox}:
        return np.asarray(gap.filled & ((gap.only_a == 0) | (gap.only_b == 0)))
    if scorer is JaroWinkler.similarity:
        return np.asarray(gap.filled & (gap.best_jaro_winkler >= at_least - _SLACK))
    if scorer is few_edits:
        return np.asarray(gap.filled & (gap.edits <= 3 - at_least))
    longest = np.maximum(gap.a.length, gap.b.length)
    return np.asarray(gap.filled & (gap.edits <= (1 - at_least) * longest + _SLACK))
