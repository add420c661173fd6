"""The window in which a burst of signals is one run. Pure."""

import hashlib
from datetime import UTC, datetime, timedelta


def find_window_end(now: datetime, seconds: float, group_id: str) -> datetime:
    """Return when the group's current window closes, with a second's grace for clocks that differ.

    Groups close theirs at different moments of `seconds`: else all that were busy would have their
    runs begin in the same one.
    """
    span = max(1.0, seconds)
    shift = _place(group_id) * span
    start = (now.timestamp() - shift) // span
    return datetime.fromtimestamp((start + 1) * span + shift, UTC) + timedelta(seconds=1)


def _place(group_id: str) -> float:
    """Return where in a window the group begins its own: of 0 to 1, in thousandths."""
    return int.from_bytes(hashlib.sha256(group_id.encode()).digest()[:8]) % 1_000 / 1_000
