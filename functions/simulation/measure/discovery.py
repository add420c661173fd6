"""Of all that was looked at, what may be called found. Pure."""

from collections.abc import Sequence


def adjust_independent(chances: Sequence[float]) -> list[float]:
    """Return p values so that those below a level hold the false discovery rate to it.

    Benjamini and Hochberg 1995: where looks are independent of each other, or go together.
    """
    return _step_up(chances, 1.0)


def adjust_any(chances: Sequence[float]) -> list[float]:
    """Return the same, whatever the looks have to do with each other (Benjamini, Yekutieli 2001).

    Metrics of the same accounts go together, and against each other: this is the one to report.
    """
    return _step_up(chances, sum(1 / rank for rank in range(1, len(chances) + 1)))


def _step_up(chances: Sequence[float], penalty: float) -> list[float]:
    count = len(chances)
    order = sorted(range(count), key=lambda place: chances[place], reverse=True)
    least, adjusted = 1.0, [1.0] * count
    for behind, place in enumerate(order):
        least = min(least, penalty * count / (count - behind) * chances[place])
        adjusted[place] = least
    return adjusted
