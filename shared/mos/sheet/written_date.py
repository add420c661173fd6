"""Dates as exports write them, and which comes first, the day or the month. Pure."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan januar janvier enero gennaio", "feb februar fevrier febrero febbraio",
         "mar marz mrz mars marzo mrt maart", "apr april avril abril aprile avr",
         "may mai mayo maggio mei maj", "jun juni june juin junio giugno",
         "jul juli july juillet julio luglio",
         "aug august aout agosto augustus", "sep sept september septembre septiembre settembre",
         "oct okt october oktober octobre octubre ottobre", "nov november novembre noviembre",
         "dec dez december dezember decembre diciembre dicembre"), 1
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ,]+(.*))?")
_PARTED = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[t ,]+(.*))?")
_NAMED = re.compile(r"(\d{1,2})\.? ([a-z]{3,10})\.?,? (\d{4})(?:[ ,]+(.*))?")
_NAMED_FIRST = re.compile(r"([a-z]{3,10})\.? (\d{1,2}),? (\d{4})(?:[ ,]+(.*))?")
_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)? ?([ap]\.?m\.?)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?"
)
_MONTHS_OF_A_YEAR = 12
_CENTURY = 100
_FIRST, _LAST = 1990, 2100


def find_day_first(cells: Iterable[str]) -> bool | None:
    """Return whether a column writes the day before the month; None where nothing in it says so.

    >>> find_day_first(["12/04/2022", "25/12/2023"]), find_day_first(["03/04/2022"])
    (True, None)
    """
    first, second = False, False
    for cell in cells:
        if found := _PARTED.fullmatch(cell.strip()):
            if found[2] == ".":
                return True
            first = first or int(found[1]) > _MONTHS_OF_A_YEAR
            second = second or int(found[3]) > _MONTHS_OF_A_YEAR
    return None if first is second else first


def read_date(cell: str, *, day_first: bool | None = True) -> datetime | None:
    """Return the moment that a cell writes, UTC where it names no zone, or None where it is none.

    With `day_first` None a date that could be read in two ways is none.

    >>> read_date("2026-01-15 09:30:00").isoformat(), read_date("25.12.2023").day
    ('2026-01-15T09:30:00+00:00', 25)
    """
    text = cell.strip().lower()
    try:
        if found := _ISO.fullmatch(text):
            return _at(int(found[1]), int(found[2]), int(found[3]), found[4])
        if found := _PARTED.fullmatch(text):
            return _read_parted(found, day_first)
        if found := _NAMED.fullmatch(text):
            return _at(int(found[3]), _MONTHS[found[2]], int(found[1]), found[4])
        if found := _NAMED_FIRST.fullmatch(text):
            return _at(int(found[3]), _MONTHS[found[1]], int(found[2]), found[4])
    except (KeyError, ValueError):
        return None
    return None


def _read_parted(found: re.Match[str], day_first: bool | None) -> datetime | None:  # noqa: FBT001  one of three words of a column
    one, other = int(found[1]), int(found[3])
    if found[2] == "." or one > _MONTHS_OF_A_YEAR:
        day_first = True
    elif other > _MONTHS_OF_A_YEAR:
        day_first = False
    if day_first is None and one != other:
        return None
    day, month = (one, other) if day_first else (other, one)
    year = int(found[4])
    return _at(year + 2000 if year < _CENTURY else year, month, day, found[5])


def _at(year: int, month: int, day: int, rest: str | None) -> datetime | None:
    if not _FIRST <= year <= _LAST:
        return None
    moment = datetime(year, month, day, tzinfo=UTC)
    if not rest:
        return moment
    found = _TIME.match(rest.strip())
    if not found:
        return None
    hour = int(found[1]) % 12 + 12 * (found[4] or "").startswith("p") if found[4] else int(found[1])
    made = moment.replace(hour=hour, minute=int(found[2]), second=int(found[3] or 0))
    zone = found[5] or ""
    if zone[:1] in {"+", "-"}:
        return datetime.fromisoformat(f"{made:%Y-%m-%dT%H:%M:%S}{zone[:3]}:{zone[-2:]}").astimezone(
            UTC
        )
    return made
