"""Counts as people say them, and names that somebody may have meant. Pure."""

from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches

_CLOSE, _MEANT = 0.6, 3


def count_of(number: int, noun: str, several: str = "") -> str:
    """Return how many there are of something.

    >>> count_of(1, "mistake"), count_of(1200, "decision")
    ('1 mistake', '1,200 decisions')
    >>> count_of(2, "person", "people")
    '2 people'
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {several or noun + 's'}"


def say_time(at: datetime) -> str:
    """Return a moment to the minute, with its zone.

    >>> say_time(datetime(2026, 1, 31, 9, 5))
    '2026-01-31 09:05 UTC'
    """
    return f"{at:%Y-%m-%d %H:%M} UTC"


def suggest_names(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return what somebody may have meant, the nearest first; else where the names stand.

    >>> suggest_names("route", ["routing/route", "routing/reps"], "")
    'did you mean routing/route?'
    """
    names = sorted(known)
    near = [one for one in names if name and name.lower() in one.lower()][:_MEANT]
    near = near or get_close_matches(name, names, n=_MEANT, cutoff=_CLOSE)
    return f"did you mean {', '.join(near)}?" if near else otherwise
