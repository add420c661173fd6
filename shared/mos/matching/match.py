"""Match two lists, or one with itself: block, learn, weigh, settle."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from mos.errors import MalformedError
from mos.matching.agree import Ints, columns
from mos.matching.block import Sides, block, draw
from mos.matching.default import default_model
from mos.matching.evidence import Evidence, look
from mos.matching.field import Field, guess
from mos.matching.model import MatchModel, Step, probability
from mos.matching.record import Record, read
from mos.matching.settle import Settled, as_weighed, in_clusters, one_to_one
from mos.matching.train import train
from mos.matching.waterfall import waterfalls
from mos.matching.weigh import weigh

THRESHOLD = 0.5
"""More likely one than not: where most matches are sure, F1 is greatest there."""
REVIEW = 0.1
_DRAWN = 50_000
_TOO_FEW = 1_000
_SURE = 50.0

Row = Mapping[str, str]
Say = Callable[[str], None]


class Pair(NamedTuple):
    """Two rows by position, how likely they are one, and why.

    In a list matched with itself, `left` comes first.
    """

    left: int
    right: int
    probability: float
    band: Literal["match", "review"]
    waterfall: tuple[Step, ...]


@dataclass(frozen=True)
class Matches:
    """The pairs, likeliest first, the model that weighed them, and what to know about both."""

    pairs: list[Pair]
    model: MatchModel
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Options:
    """How to settle: one partner each or any number, what is a match, and what is worth a look."""

    one_to_one: bool = False
    threshold: float = THRESHOLD
    review: float = REVIEW


def match(
    left: Sequence[Row],
    right: Sequence[Row] | None = None,
    *,
    fields: Mapping[str, Field] | None = None,
    options: Options = Options(),
    model: MatchModel | None = None,
    say: Say = lambda _text: None,
) -> Matches:
    """Return who is who: two lists against each other, or one against itself.

    `fields` says what the columns mean, else their names do; a field's own name always does.
    Without a `model` one is learnt from the rows, without labels.

    Raises:
        MalformedError: one partner each was asked of a single list.
    """
    if options.one_to_one and right is None:
        raise MalformedError("one partner each needs two lists: a list's own rows may be many")
    lists = [_records(rows, fields) for rows in (left, right or ())]
    orders = [np.array(_order(records), dtype=np.int64) for records in lists]
    table = columns([rs[i] for rs, order in zip(lists, orders, strict=True) for i in order])
    sides = Sides(len(left), len(left) + len(right or ()), within=right is None)
    if not sides.total or not table:
        return Matches([], model or default_model(), ("there is nothing to compare",))
    say("choosing pairs")
    blocks = block(table, sides)
    say(f"comparing {len(blocks.left):,} pairs")
    seen = look(table, blocks.left, blocks.right)
    notes = [blocks.note]
    if model is None:
        say("learning")
        model, note = _learn(seen, sides)
        notes.append(note)
    say("deciding")
    settled = _settle(model, seen, sides, options)
    return Matches(_pairs(model, settled, orders, sides), model, tuple(notes))


def _records(rows: Sequence[Row], fields: Mapping[str, Field] | None) -> list[Record]:
    if fields is None:
        fields = guess(dict.fromkeys(header for row in rows for header in row))
    return [read({f: row.get(c) or "" for c, f in fields.items()}) for row in rows]


def _order(records: Sequence[Record]) -> list[int]:
    """Return the rows by content, so that their order in the file changes nothing."""
    keys = [tuple(sorted(record.items())) for record in records]
    return sorted(range(len(records)), key=keys.__getitem__)


def _learn(seen: Evidence, sides: Sides) -> tuple[MatchModel, str]:
    if sides.total < _TOO_FEW:
        smaller = sides.left if sides.within else min(sides.left, sides.rows - sides.left)
        prior = min(0.1, smaller / 4 / sides.total)
        return default_model(
            prior, seen.table
        ), "too few rows to learn from: usual m and u were used"
    random = look(seen.table, *draw(sides, _DRAWN))
    model = train(seen, random, sides.total, sides.rows)
    return model, f"learnt without labels; about {model.prior * sides.total:,.0f} pairs match"


def _settle(model: MatchModel, seen: Evidence, sides: Sides, options: Options) -> Settled:
    weighed = weigh(model, seen)
    least, review = _bits(options.threshold), _bits(options.review)
    if sides.within:
        return in_clusters(model, weighed, least, review)
    return (one_to_one if options.one_to_one else as_weighed)(weighed, least, review)


def _pairs(model: MatchModel, settled: Settled, orders: Sequence[Ints], sides: Sides) -> list[Pair]:
    seen = settled.weighed.seen
    left = orders[0][seen.left]
    right = orders[0][seen.right] if sides.within else orders[1][seen.right - sides.left]
    if sides.within:
        left, right = np.minimum(left, right), np.maximum(left, right)
    found = [
        Pair(a, b, probability(bits), "match" if matched else "review", steps)
        for a, b, bits, matched, steps in zip(
            left.tolist(),
            right.tolist(),
            settled.total.tolist(),
            settled.matched.tolist(),
            waterfalls(model, settled),
            strict=True,
        )
    ]
    return sorted(found, key=lambda pair: (-pair.probability, pair.left, pair.right))


def _bits(chance: float) -> float:
    """Return the log2 odds of a probability; 0 and 1 are taken as all but impossible and sure."""
    if not 0 < chance < 1:
        return -_SURE if chance <= 0 else _SURE
    return math.log2(chance / (1 - chance))
