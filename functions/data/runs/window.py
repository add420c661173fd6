"""The window in which a burst of signals is one run. Pure."""

from datetime import UTC, datetime, timedelta


def find_window_end(now: datetime, seconds: float) -> datetime:
    """Return when the current window closes, with a second's grace for clocks that differ."""
    span = max(1.0, seconds)
    start = int(now.timestamp() // span)
    return datetime.fromtimestamp((start + 1) * span, UTC) + timedelta(seconds=1)
