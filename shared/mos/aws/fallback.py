"""What went on with the last good bundle in the invocation under way, until somebody asks."""

_WHY: list[str] = []
UNWATCHED = "canary unwatched"
"""How a note begins that nobody looks after the canary that runs."""


def note(why: str) -> None:
    """Remember why the active bundle could not be had."""
    _WHY.append(why)


def take() -> list[str]:
    """Return what was noted since the last call of this, and begin again."""
    found = list(_WHY)
    _WHY.clear()
    return found
