"""Which channels stood on the way to an outcome, by every model side by side. Pure.

A buying group is one journey: all touches of all its people, up to its first outcome of the kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.simulation.lesson_log import Contact
from functions.simulation.measure.removal import Journey, remove_channels, share_out
from mos.model.attribution import AttributionModel, split_outcome
from mos.model.learn_report import ChannelLine
from mos.model.lesson import MILLIONTHS

MARKOV, SHAPLEY = "markov", "shapley"
_SAME = 0.01


@dataclass(frozen=True)
class GroupPath:
    """What touched a group within the window, when it became what, and whether it got there.

    `won_at` is None where it did not: then the window ends with the report.
    """

    contacts: tuple[Contact, ...]
    milestones: tuple[datetime, ...] = ()
    won_at: datetime | None = None


def cut_path(
    contacts: Sequence[Contact],
    milestones: Sequence[datetime],
    won_at: datetime | None,
    now: datetime,
    window: timedelta,
) -> GroupPath:
    """Return the path that counts: what came within the window before the outcome, or before now.

    What came after the outcome has earned nothing of it.
    """
    end = won_at or now
    inside = tuple(c for c in contacts if timedelta() <= end - c.at <= window)
    return GroupPath(inside, tuple(m for m in milestones if m <= end), won_at)


def credit_channels(
    paths: Sequence[GroupPath], spend: Mapping[str, Mapping[str, float]], seed: int = 0
) -> tuple[ChannelLine, ...]:
    """Return each channel's credit by each model; of one model they sum to the groups that won.

    Groups that nothing had touched are nobody's.
    """
    won = [path for path in paths if path.won_at and path.contacts]
    given: dict[str, dict[str, float]] = {}
    for model in AttributionModel:
        given[model.value] = _by_position(model, won)
    journeys = [
        Journey(tuple(c.channel for c in path.contacts), float(path.won_at is not None))
        for path in paths
    ]
    given[MARKOV], given[SHAPLEY] = remove_channels(journeys), share_out(journeys, seed)
    names = sorted({name for one in given.values() for name in one} | set(spend))
    return tuple(_line(name, given, spend.get(name, {})) for name in names)


def _by_position(model: AttributionModel, won: Sequence[GroupPath]) -> dict[str, float]:
    found: dict[str, float] = {}
    for path in won:
        shares = split_outcome(model, [c.at for c in path.contacts], path.milestones)
        for contact, share in zip(path.contacts, shares, strict=True):
            found[contact.channel] = found.get(contact.channel, 0.0) + share
    return found


def _line(
    name: str, given: Mapping[str, Mapping[str, float]], spend: Mapping[str, float]
) -> ChannelLine:
    return ChannelLine(
        channel=name,
        touches=round(spend.get("touches", 0)),
        impressions=round(spend.get("impressions", 0)),
        usd=round(spend.get("usd_millionths", 0) / MILLIONTHS, 2),
        credits={model: round(one.get(name, 0.0), 6) for model, one in given.items()},
    )


def explain_difference(lines: Sequence[ChannelLine], own: str) -> list[str]:
    """Return, in plain sentences, which channel the models differ about most, and why they do."""
    named = [line for line in lines if any(line.credits.values())]
    if not named:
        return ["No group that was touched had this outcome: there is nothing to split."]
    widest = max(named, key=lambda line: max(line.credits.values()) - min(line.credits.values()))
    ranked = sorted(widest.credits.items(), key=lambda pair: pair[1])
    (least, low), (most, high) = ranked[0], ranked[-1]
    said = f"All models give each channel the same; the bundle's own is {own}."
    if high - low >= _SAME:
        said = (
            f"The models differ most about {widest.channel}: {most} gives it {high:.3g}, {least} "
            f"{low:.3g}; the bundle's own, {own}, {widest.credits.get(own, 0.0):.3g}."
        )
    why = (
        "First, last, linear, U, W and time decay only say where in a journey a channel stood. "
        "Markov and Shapley compare groups that it touched with groups that it did not; those were "
        "not drawn by lot. None says what would have come without it: only an experiment does."
    )
    return [said, why]
