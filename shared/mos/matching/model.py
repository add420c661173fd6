"""What a match is worth: the prior, m, u and frequencies, and the score of one pair. Pure."""

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from pydantic import Field as PydanticField

from mos.matching.compare import SWAPS, Level, compare
from mos.matching.field import Field
from mos.matching.record import Record, read
from mos.matching.relation import RELATIONS
from mos.model.base import Stored

TOLD = 0.005
"""Bits below which a relation explains nothing worth a line."""


class Weighed(Stored):
    """A comparison level: how often matches and others show it.

    With `by_frequency` the weight is `log2(m / (g × f))`, where f is the share of records that
    have the commoner of the two values and g how often others show this level, per f; else it is
    `log2(m / u)`.
    """

    m: float
    u: float
    g: float = 1.0
    by_frequency: bool = False

    @property
    def base(self) -> float:
        return math.log2(self.m / (self.g if self.by_frequency else self.u))


class Comparison(Stored):
    """One field: its levels and the shares of values that more than one record has."""

    levels: dict[Level, Weighed]
    rare: float
    frequency: dict[str, float] = PydanticField(default_factory=dict)

    def share(self, value: str) -> float:
        return self.frequency.get(value, self.rare)

    def bits(self, level: Level, share: float) -> float:
        """Return the weight of a level, given the share of the commoner of the two values."""
        by_share, by_level, least = self.bounds[level]
        return max(min(by_share - math.log2(share), by_level), least)

    @cached_property
    def bounds(self) -> dict[Level, tuple[float, float, float]]:
        """The bits of each level before frequency, its most and its least.

        A worse level never weighs more than a better one of the same value, nor less than
        `different`; equal values never count against a match, different ones never for it.
        """
        least = min(0.0, self.levels[Level.DIFFERENT].base)
        by_share = by_level = math.inf
        found: dict[Level, tuple[float, float, float]] = {}
        for level in [level for level in Level if level in self.levels]:
            weighed = self.levels[level]
            if level is Level.SWAPPED:
                found[level] = (weighed.base, math.inf, least)
                continue
            if weighed.by_frequency:
                by_share = min(by_share, weighed.base)
            else:
                by_level = min(by_level, weighed.base)
            found[level] = (by_share, by_level, 0.0 if level is Level.EXACT else least)
        found[Level.DIFFERENT] = (math.inf, least, least)
        return found


class Step(NamedTuple):
    """One line of the waterfall: what was seen, the bits it adds, and how common the value is."""

    field: str
    level: str
    bits: float
    share: float | None = None


class Scored(Stored):
    """How likely two records are one, and why."""

    probability: float
    waterfall: tuple[Step, ...]


class Relation(Stored):
    """Pairs that share something and are not one, and how common they are against strangers.

    `ahead` are the bits by which matches show a level of such a field more often.
    """

    odds: float
    ahead: dict[Field, dict[Level, float]]

    def bits(self, name: str, step: Step) -> float:
        """Return what a relation adds where a match adds the step's bits."""
        field = Field(step.field)
        if field in RELATIONS[name]:
            return step.bits
        ahead = self.ahead[field][Level(step.level)]
        return -ahead if step.level == Level.EXACT else max(0.0, step.bits - ahead)


class MatchModel(Stored):
    """Everything a pair's score depends on. `prior` is the chance that a random pair matches.

    `relations` are ways to agree without being one: a home, an employer, a town.
    """

    prior: float
    comparisons: dict[Field, Comparison]
    relations: dict[str, Relation] = PydanticField(default_factory=dict)
    trained: bool = False

    @property
    def prior_bits(self) -> float:
        return math.log2(self.prior / (1 - self.prior))

    def score(self, left: Mapping[Field, str], right: Mapping[Field, str]) -> Scored:
        """Return how likely two rows, told by field, are one, with the waterfall."""
        return self.score_records(read(left), read(right))

    def score_records(self, left: Record, right: Record) -> Scored:
        """Return how likely two records are one, with the waterfall."""
        steps = [Step("prior", "", self.prior_bits)]
        for field, level in compare(left, right).items():
            if field in self.comparisons:
                share = self._share(field, level, left, right)
                bits = self.comparisons[field].bits(level, share)
                common = share if self.comparisons[field].levels[level].by_frequency else None
                steps.append(Step(field, level, bits, common))
        if shared := self._relation(steps):
            steps.append(shared)
        total = sum(step.bits for step in steps)
        return Scored(probability=probability(total), waterfall=tuple(steps))

    def _relation(self, steps: list[Step]) -> Step | None:
        """Return what the likeliest relation explains without identity, if that is anything."""
        odds = {
            name: relation.odds * 2.0 ** sum(relation.bits(name, step) for step in steps[1:])
            for name, relation in self.relations.items()
        }
        if (bits := -math.log2(1 + sum(odds.values()))) > -TOLD:
            return None
        return Step("shared", max(odds, key=lambda name: odds[name]), bits)

    def _share(self, field: Field, level: Level, left: Record, right: Record) -> float:
        if level is not Level.SWAPPED:
            share = self.comparisons[field].share
            return max(share(left[field]), share(right[field]))
        second = dict(SWAPS)[field]
        return max(
            self.pooled(field, side[field]) * self.pooled(field, side[second])
            for side in (left, right)
        )

    def pooled(self, first: Field, value: str) -> float:
        """Return the share of a value in whichever of two swappable fields has it more often.

        A model that was trained on lists without one of them knows the other's alone.
        """
        both = (first, dict(SWAPS)[first])
        return max(self.comparisons[f].share(value) for f in both if f in self.comparisons)


def probability(bits: float) -> float:
    """Return the probability of log2 odds.

    >>> probability(0.0), probability(-2000.0)
    (0.5, 0.0)
    """
    return 1 / (1 + 2.0**-bits) if bits > -1000 else 0.0  # noqa: PLR2004  2.0**1024 overflows


def tell(steps: Iterable[Step]) -> str:
    """Return a waterfall on one line.

    Bits add up: each is a doubling of the odds. `1/812` is the share of records with the commoner
    of the two values.

    >>> tell([Step("prior", "", -12.3), Step("surname", "exact", 9.21, 1 / 812)])
    'prior -12.3 | surname exact (1/812) +9.2 | = -3.1'
    """
    parts = []
    total = 0.0
    for step in steps:
        total += step.bits
        words = [step.field, step.level, f"(1/{1 / step.share:.0f})" if step.share else ""]
        parts.append(" ".join([*filter(None, words), f"{step.bits:+.1f}"]))
    return " | ".join([*parts, f"= {total:+.1f}"])
