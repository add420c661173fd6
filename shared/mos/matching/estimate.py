"""The running estimates of a field and of a relation, as arrays."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mos.matching.agree import Column, Floats, Ints
from mos.matching.compare import Level, levels_of
from mos.matching.evidence import Evidence, by_frequency
from mos.matching.field import Field
from mos.matching.model import Comparison, Weighed
from mos.matching.usual import NAMES_ONE, USUAL_M

IMAGINED = 10.0
"""Imaginary matches that behave as usual: what m is where there is nothing to learn from."""
MOST_DIFFERENT = 0.3
"""Share of matches that differ in a field at most: more, and it is not matches that are seen."""
MOST_APART = 3.0
"""Bits by which equal values may speak against a mere relation."""
_LEAST = 1e-9


@dataclass
class Estimate:
    """What is known of one field: m is learnt in rounds, u and g come from random pairs."""

    m: Floats
    u: Floats
    g: Floats
    by_frequency: NDArray[np.bool_]
    levels: tuple[Level, ...]
    usual: Floats

    def learn(self, levels: Ints, chance: Floats) -> None:
        """Take m from pairs that are matches with these chances."""
        counts = self._counts(levels, chance)
        share = counts + IMAGINED * self.usual
        self.m = share / share.sum()
        self.limit(MOST_DIFFERENT)

    def limit(self, most: float) -> None:
        """Let at most this share of matches differ."""
        if self.m[-1] > most:
            self.m *= (1 - most) / (1 - self.m[-1])
            self.m[-1] = most

    def comparison(self, prior: float, rare: float = 1.0) -> Comparison:
        """Return the levels; matches among the random pairs are taken out of u and g."""
        others = np.maximum(self.u - prior * self.m, self.u * 0.01)
        g = self.g * others / self.u
        g[0] = self.g[0]
        columns = (self.m, others / others.sum(), g, self.by_frequency)
        levels = {
            level: Weighed(m=m, u=u, g=x, by_frequency=f)
            for level, m, u, x, f in zip(self.levels, *(c.tolist() for c in columns), strict=True)
        }
        return Comparison(levels=levels, rare=rare)

    def ahead(self, levels: Ints, chance: Floats, *, by_chance: bool) -> Floats:
        """Return the bits by which matches show each level more often than such relatives.

        With `by_chance` relatives are alike as often as strangers, and only equal less often.
        """
        counts = self._counts(levels, chance)
        shown = (counts + IMAGINED * self.u) / (counts.sum() + IMAGINED * self.u.sum())
        if by_chance:
            shown[1:] = self.u[1:]
        lead = np.log2(self.m) - np.log2(np.maximum(shown, _LEAST))
        lead[1:] = np.maximum(lead[1:], 1.0)
        ranked = [n for n, level in enumerate(self.levels) if level is not Level.SWAPPED and n]
        lead[ranked] = np.minimum.accumulate(lead[ranked])
        lead[0] = np.clip(np.log2(self.u[0] / max(shown[0], _LEAST)), 0.0, MOST_APART)
        lead[-1] = 0.0
        return np.asarray(lead)

    def _counts(self, levels: Ints, chance: Floats) -> Floats:
        found = np.bincount(levels + 1, weights=chance, minlength=len(self.levels) + 1)
        return found[1:].astype(np.float64)


def begin(
    name: Field, random: Evidence, share: Mapping[Field, Floats], known: Estimate | None
) -> Estimate:
    """Return a field's first estimate: usual m, or the one known already."""
    levels = levels_of(name)
    found, part = random.levels[name], random.shares(name, share)
    at = np.nonzero(found >= 0)[0]
    drawn = len(at) + 1.0
    u = np.asarray((np.bincount(found[at], minlength=len(levels)) + 0.5) / drawn)
    inverse = np.bincount(found[at], weights=1 / part[at], minlength=len(levels))
    g = np.asarray((inverse + 0.5) / drawn)
    # Two strangers agree on a value as often as its share, squared: no need to draw for it.
    g[0] = NAMES_ONE.get(name, 1.0)
    u[0] = max(float((share[name] ** 2).sum()) * g[0], _LEAST)
    if Level.SWAPPED in levels:
        g[levels.index(Level.SWAPPED)] = 1.0
    usual = np.array([USUAL_M[level] for level in levels])
    usual /= usual.sum()
    m = usual if known is None else known.m
    return Estimate(m, u, g, by_frequency(name), levels, usual)


def shares(column: Column, weight: Floats) -> Floats:
    """Return the share of each value, given what each record counts."""
    filled = column.codes >= 0
    counts = np.bincount(column.codes[filled], weights=weight[filled], minlength=len(column.values))
    return np.minimum(1.0, np.maximum(counts, 1.0) / max(float(weight[filled].sum()), 1.0))
