"""The window in which a burst of signals is one run. Pure."""

import hashlib
from datetime import UTC, datetime, timedelta


def find_window_end(now: datetime, seconds: float, place: float = 0.0) -> datetime:
    """Return when the current window closes, with a second's grace for clocks that differ.

    Windows lie end to end; the first begins at `place`, of 0 to 1 of their length.
    """
    span = max(1.0, seconds)
    shift = place * span
    start = (now.timestamp() - shift) // span
    return datetime.fromtimestamp((start + 1) * span + shift, UTC) + timedelta(seconds=1)


def place_of(group_id: str) -> float:
    """Return where a group's windows begin: of 0 to 1, in thousandths.

    Were it the same for all, every group that was busy would have its run begin in one second.
    """
    return int.from_bytes(hashlib.sha256(group_id.encode()).digest()[:8]) % 1_000 / 1_000
