"""Promises as people read them: how each stands, and what a run changed of them. Pure."""

from collections.abc import Iterable

from mos.model.stage import Clock, Placement

_NEWS = "sla"


def say_promise(clock: Clock) -> str:
    """Return how a promise stands, by when it was to be kept, and why it no longer runs."""
    why = f": {clock.why}" if clock.why else ""
    return f"{clock.status.value}, by {clock.due_at:%Y-%m-%d %H:%M} UTC{why}"


def say_changed_promises(placements: Iterable[Placement]) -> list[str]:
    """Return the promises that a run began, saw kept or broken, or let go, each said once."""
    said = (
        f"promise {clock.name} {say_promise(clock)}"
        for placement in placements
        for clock in placement.clocks
        if f"{_NEWS}:{clock.name}:{clock.status.value}" in placement.news
    )
    return list(dict.fromkeys(said))
