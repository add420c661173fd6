"""Read other people's times. Pure."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.webhook.errors import StaleError
from mos.errors import MalformedError

_LEAP = re.compile(r"(\d\d:\d\d):60(?:[.,]\d+)?", re.ASCII)
_EPOCH = re.compile(r"[0-9]{1,15}", re.ASCII)


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


def moment(value: Any, field: str, *, per_second: int = 1) -> datetime | None:  # noqa: ANN401  any JSON value
    """Return the moment that a body states as a number or as ISO 8601, None where it states none.

    A time without a zone is UTC; a leap second is the moment after it.

    Raises:
        MalformedError: it is something else.
    """
    if value is None:
        return None
    try:
        if isinstance(value, str):
            plain = _LEAP.sub(r"\1:59", value.strip())
            read = datetime.fromisoformat(plain)
            if plain != value.strip():
                read += timedelta(seconds=1)
            zoned = read if read.tzinfo else read.replace(tzinfo=UTC)
            return zoned.astimezone(UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / per_second, UTC)
    except (OverflowError, ValueError, OSError):
        pass
    raise MalformedError(f"{field} is not a time")
