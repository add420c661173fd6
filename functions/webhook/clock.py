"""Read other people's times. Pure."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.webhook.errors import StaleError
from functions.webhook.written_time import is_compact, read_written
from mos.errors import MalformedError

_EPOCH = re.compile(r"[0-9]{1,15}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{9,19}(?:\.[0-9]{1,9})?", re.ASCII)
_EARLIEST = 1e8
"""Seconds to 1973: a smaller count is no time, but a number that stands where a time belongs."""
_UNITS = ((1e11, 1), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9))
"""How large a count can be in seconds, milli-, micro- and nanoseconds, and its unit."""


def stamp(text: str, *, per_second: int = 1) -> datetime:
    """Return the moment of a timestamp header, counted in seconds or in parts of a second.

    Raises:
        StaleError: it is not a time at all.
    """
    if not _EPOCH.fullmatch(text):
        raise StaleError("the timestamp header is not a number")
    try:
        return datetime.fromtimestamp(int(text) / per_second, UTC)
    except (OverflowError, ValueError, OSError):
        raise StaleError("the timestamp header is out of range") from None


def moment(value: Any, field: str) -> datetime | None:  # noqa: ANN401  any JSON value
    """Return the moment that a body states in any usual form, None where it states none.

    A number counts seconds, or smaller units where it is too large for seconds, also as text; an
    empty text states none. A time without a zone is UTC; a leap second is the moment after it.

    Raises:
        MalformedError: it is something else, or could be several moments.
    """
    if value is None:
        return None
    try:
        if isinstance(value, str):
            text = value.strip()
            if not text:
                return None
            is_count = _NUMBER.fullmatch(text) and not is_compact(text)
            return _counted(text) if is_count else read_written(text)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _counted(value)
    except (OverflowError, ValueError, OSError):
        pass
    raise MalformedError(f"{field} is not a time")


def _counted(count: str | float) -> datetime:
    number = float(count)
    if 0 <= number < _EARLIEST:
        raise ValueError("a number, but no time")
    unit = next((per for limit, per in _UNITS if abs(number) < limit), None)
    if unit is None:
        raise ValueError("larger than any time")
    if isinstance(count, int):
        # A float of a nanosecond count is off by up to a millionth of a second.
        return datetime.fromtimestamp(0, UTC) + timedelta(
            microseconds=count * 1_000_000 // int(unit)
        )
    return datetime.fromtimestamp(number / unit, UTC)
