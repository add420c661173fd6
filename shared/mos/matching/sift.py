"""Rule out pairs of texts that cannot be alike enough, by their length and letters alone.

Bounds are safe: what is ruled out would have failed. They cost a hundredth of a comparison.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler

from mos.matching.compare import Scorer, contains, few_edits, initial

Bools = NDArray[np.bool_]
_BITS = 64
_PREFIX = 4
_BOOST = 0.1
_SLACK = 1e-9


@dataclass(frozen=True)
class Shape:
    """Of each text its length, a bit for each letter in it, and its first letter."""

    length: NDArray[np.int64]
    letters: NDArray[np.uint64]
    first: NDArray[np.int64]

    def at(self, where: NDArray[np.int64]) -> "Shape":
        return Shape(self.length[where], self.letters[where], self.first[where])


def shape(texts: list[str]) -> Shape:
    """Return the shapes of texts. Letters that share a bit only make the bounds weaker."""
    bits = {c: 1 << ord(c) % _BITS for c in set().union(*texts)}
    masks = [reduce(or_, map(bits.__getitem__, text), 0) for text in texts]
    return Shape(
        np.array([len(text) for text in texts], dtype=np.int64),
        np.array(masks, dtype=np.uint64),
        np.array([ord(text[0]) if text else -1 for text in texts], dtype=np.int64),
    )


def possible(scorer: Scorer, at_least: float, a: Shape, b: Shape) -> Bools:
    """Return which pairs may reach a score."""
    filled = np.asarray((a.length > 0) & (b.length > 0))
    if scorer is initial:
        filled &= (np.minimum(a.length, b.length) == 1) & (a.first == b.first)
        return filled
    only_a = np.bitwise_count(a.letters & ~b.letters).astype(np.int64)
    only_b = np.bitwise_count(b.letters & ~a.letters).astype(np.int64)
    if scorer is contains:
        filled &= (only_a == 0) | (only_b == 0)
        return filled
    if scorer is JaroWinkler.similarity:
        filled &= _best_jaro_winkler(a, b, only_a, only_b) >= at_least - _SLACK
        return filled
    # Each edit mends at most one letter on either side, and one of length.
    edits = np.maximum(np.maximum(only_a, only_b), np.abs(a.length - b.length))
    if scorer is few_edits:
        filled &= edits <= 3 - at_least
    elif scorer is OSA.normalized_similarity:
        filled &= edits <= (1 - at_least) * np.maximum(a.length, b.length) + _SLACK
    return filled


def _best_jaro_winkler(
    a: Shape, b: Shape, only_a: NDArray[np.int64], only_b: NDArray[np.int64]
) -> NDArray[np.float64]:
    matching = np.maximum(0, np.minimum(a.length - only_a, b.length - only_b))
    lengths = np.maximum(1, a.length), np.maximum(1, b.length)
    jaro = np.where(matching > 0, (matching / lengths[0] + matching / lengths[1] + 1) / 3, 0.0)
    prefix = np.where(a.first == b.first, _PREFIX, 0)
    return np.asarray(jaro + _BOOST * prefix * (1 - jaro))
