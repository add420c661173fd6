"""Read a time that somebody has written out: as ISO 8601, mail or JavaScript has it. Pure."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_COMPACT = re.compile(r"(?:19|20)[0-9]{12}", re.ASCII)
_LEAP = re.compile(r"(\d\d:\d\d):60(?:[.,]\d+)?", re.ASCII)
_MIDNIGHT = re.compile(r"(?<=[T ])24(:?00)(?=[:Z+\- ]|$)(:?00(?:[.,]0+)?)?", re.ASCII)
_UTC = re.compile(r"\s*(?:UTC|GMT|Z)$", re.IGNORECASE)
_ZONE = re.compile(r"\s*([+-]\d\d:?\d\d)(?:\s+[A-Z]{2,5})?$", re.ASCII)
_SLASHES = re.compile(r"^(\d{4})/(\d\d)/(\d\d)", re.ASCII)
_JAVASCRIPT = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d?) (\d{4}) (\d\d:\d\d:\d\d) (?:GMT|UTC)([+-]\d{4})"
    r"(?: \([^()]*\))?",
    re.ASCII,
)
_CALENDAR = re.compile(r"(?<=[0-9Zz])(?:\[!?[A-Za-z0-9_+=/.-]{1,60}\])+$", re.ASCII)
"""What Java and RFC 9557 add: the zone's name behind its offset, the calendar."""
_DOTNET = re.compile(r"/Date\((\d{9,15})(?:[+-]\d{4})?\)/", re.ASCII)
_AMERICAN = re.compile(
    r"([A-Z][a-z]{2,8})\.? (\d{1,2}), (\d{4}),? (\d{1,2}:\d\d(?::\d\d)? [AP]M)", re.ASCII
)
_NAMED_ZONE = re.compile(r"[A-Za-z]$", re.ASCII)


def is_compact(text: str) -> bool:
    """Say whether digits are a date and a time without signs, and no count.

    >>> is_compact("20230210101112"), is_compact("1676023872123")
    (True, False)
    """
    return bool(_COMPACT.fullmatch(text))


def read_written(text: str) -> datetime:
    """Return the moment that a text means, in UTC; without a zone it is UTC.

    A day that could be a month, and a zone that only its name tells, are no moment.

    Raises:
        ValueError: it is none.
    """
    if not text or len(text) > 100:  # noqa: PLR2004  no time is longer
        raise ValueError("no time")
    if is_compact(text):
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    if counted := _DOTNET.fullmatch(text):
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(counted[1]))
    if american := _AMERICAN.fullmatch(text):
        return _read_american(*american.groups())
    try:
        read = _read_iso(_CALENDAR.sub("", text))
    except ValueError:
        read = _read_mail(text)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


def _read_iso(text: str) -> datetime:
    plain = _SLASHES.sub(r"\1-\2-\3", text)
    plain = _ZONE.sub(r"\1", _UTC.sub("+00:00", plain))
    whole = _MIDNIGHT.sub(r"00\1\2", _LEAP.sub(r"\1:59", plain))
    read = datetime.fromisoformat(whole)
    if _LEAP.search(plain):
        read += timedelta(seconds=1)
    return read + timedelta(days=1) if _MIDNIGHT.search(plain) else read


def _read_american(month: str, day: str, year: str, clock: str) -> datetime:
    """Return the moment of "Feb 10, 2023 10:11:12 AM": a month with a name is no day."""
    written = f"{month[:3]} {day} {year} {clock}"
    seconds = ":%S" if clock.count(":") > 1 else ""
    return datetime.strptime(written, f"%b %d %Y %I:%M{seconds} %p").replace(tzinfo=UTC)


def _read_mail(text: str) -> datetime:
    written = _JAVASCRIPT.fullmatch(text)
    if written:
        month, day, year, clock, zone = written.groups()
        text = f"{day} {month} {year} {clock} {zone}"
    elif not re.search(r"[A-Za-z]{3}", text, re.ASCII):
        raise ValueError("no month has a name")
    read = parsedate_to_datetime(text)
    if read.tzinfo is None and _NAMED_ZONE.search(text):
        raise ValueError("the zone is only a name")
    return read
