"""How an outcome is split over the touches before it: the models whose name says all. Pure.

Touches come in the order of time. U-shaped's anchors share four fifths alike, W-shaped's nine
tenths; the rest shares what is left, and where there is no rest the anchors have all.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

HALF_LIFE = timedelta(days=7)
"""After how long a touch counts half as much, under time decay."""
_U_ANCHORS, _W_ANCHORS = 0.8, 0.9


class AttributionModel(StrEnum):
    """The models that look at the position of a touch alone."""

    FIRST_TOUCH = "first_touch"
    LAST_TOUCH = "last_touch"
    LINEAR = "linear"
    U_SHAPED = "u_shaped"
    W_SHAPED = "w_shaped"
    TIME_DECAY = "time_decay"


def split_outcome(
    model: AttributionModel,
    touches: Sequence[datetime],
    milestones: Sequence[datetime] = (),
    half_life: timedelta = HALF_LIFE,
) -> list[float]:
    """Return each touch's share of one outcome; shares sum to one where anybody was touched.

    `milestones` are when the group became a lead and an opportunity, as far as it did: W-shaped
    anchors at the first touch and at the last one before each.

    >>> split_outcome(AttributionModel.LINEAR, [datetime(2026, 1, d) for d in (1, 2, 3, 4)])
    [0.25, 0.25, 0.25, 0.25]
    """
    if not touches:
        return []
    return _MODELS[model](touches, milestones, half_life)


def _first(touches: Sequence[datetime], _m: Sequence[datetime], _h: timedelta) -> list[float]:
    return _one(len(touches), 0)


def _last(touches: Sequence[datetime], _m: Sequence[datetime], _h: timedelta) -> list[float]:
    return _one(len(touches), len(touches) - 1)


def _linear(touches: Sequence[datetime], _m: Sequence[datetime], _h: timedelta) -> list[float]:
    return [1 / len(touches)] * len(touches)


def _u_shaped(touches: Sequence[datetime], _m: Sequence[datetime], _h: timedelta) -> list[float]:
    return _anchored(len(touches), [0, len(touches) - 1], _U_ANCHORS)


def _w_shaped(
    touches: Sequence[datetime], milestones: Sequence[datetime], half_life: timedelta
) -> list[float]:
    if not milestones:
        return _u_shaped(touches, milestones, half_life)
    before = [max(0, bisect_right(touches, at) - 1) for at in milestones]
    return _anchored(len(touches), [0, *before], _W_ANCHORS)


def _time_decay(
    touches: Sequence[datetime], _m: Sequence[datetime], half_life: timedelta
) -> list[float]:
    ages = [(touches[-1] - at) / half_life for at in touches]
    weights = [0.5**age for age in ages]
    total = sum(weights)
    return [weight / total for weight in weights]


def _one(count: int, place: int) -> list[float]:
    return [float(number == place) for number in range(count)]


def _anchored(count: int, anchors: Sequence[int], part: float) -> list[float]:
    """Give each anchor its part, and all others what is left; one touch may be several anchors."""
    rest = [number for number in range(count) if number not in set(anchors)]
    part = part if rest else 1.0
    shares = [0.0] * count
    for anchor in anchors:
        shares[anchor] += part / len(anchors)
    for number in rest:
        shares[number] += (1 - part) / len(rest)
    return shares


_MODELS: Mapping[
    AttributionModel,
    Callable[[Sequence[datetime], Sequence[datetime], timedelta], list[float]],
] = MappingProxyType({
    AttributionModel.FIRST_TOUCH: _first,
    AttributionModel.LAST_TOUCH: _last,
    AttributionModel.LINEAR: _linear,
    AttributionModel.U_SHAPED: _u_shaped,
    AttributionModel.W_SHAPED: _w_shaped,
    AttributionModel.TIME_DECAY: _time_decay,
})  # fmt: skip
