"""Read until when somebody is away: days as their language writes them. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from mos.reply.folding import fold
from mos.reply.page import read_page

_ISO = re.compile(r"(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?!\d)")
_EASTERN = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})日")
_DOTTED = re.compile(
    r"(?<![\d.])(\d{1,2})\. ?(\d{1,2})(?:\.(?: ?(\d{4}|\d{2})(?!\d))?|(?=[^\d.]|$))(?!\d)"
)
_PARTED = re.compile(r"(?<![\d/-])(\d{1,2})([/-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/-])")
_NAMED = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|o|a|e|:a|\.)?[ -](?:de |of |den )?([a-z]{3,13})\.?"
    r"(?:,? (?:de |del )?(\d{4}))?"
)
_NAMED_FIRST = re.compile(
    r"\b([a-z]{3,13})\.? (\d{1,2})(?:st|nd|rd|th)?(?!\d|[:.]\d)(?:,? (\d{4}))?"
)
_FRAGMENT = 300
_CENTURY, _YEAR = 2_000, timedelta(days=366)
_MONTHS_OF_A_YEAR = 12


def read_until(sentences: list[str], sent: date, language: str, zone_hours: float = 0) -> str:
    """Return the day from which somebody reads their mail again, as ISO 8601; empty: unknown.

    Of several days the last one. "Until the 5th" holds the 5th too, "back on the 5th" does not. A
    day in the past, or more than a year away, is unknown, and so is one that English may mean in
    two ways: only a mailbox at the hours of America writes the month first.

    >>> read_until(["i am back on january 5th"], date(2026, 12, 20), "en")
    '2027-01-05'
    >>> read_until(["ich bin bis 5.1. im urlaub"], date(2026, 12, 20), "de")
    '2027-01-06'
    >>> read_until(["back on 03/04"], date(2026, 2, 1), "en")
    ''
    """
    is_american = -10 <= zone_hours <= -3  # noqa: PLR2004  from Hawaii to Brazil
    day_first = None if language in {"", "en"} else True
    if language == "en" and is_american:
        day_first = False
    found: list[date] = []
    for sentence in sentences:
        text = fold(sentence)[:_FRAGMENT]
        days = [d for d in _list_days(text, sent, day_first) if sent < d <= sent + _YEAR]
        if days:
            last = max(days)
            found.append(last if _load().back.search(text) else last + timedelta(days=1))
    return max(found).isoformat() if found else ""


def _list_days(text: str, sent: date, day_first: bool | None) -> list[date]:  # noqa: FBT001  one of three words of a language
    found: list[date | None] = []
    found += [_make(int(one[1]), int(one[2]), int(one[3])) for one in _ISO.finditer(text)]
    rest = _ISO.sub(" ", text)
    found += [_next(sent, int(one[1]), int(one[2])) for one in _EASTERN.finditer(rest)]
    found += [_place(sent, one[3], int(one[2]), int(one[1])) for one in _DOTTED.finditer(rest)]
    found += [_read_parted(one, sent, day_first) for one in _PARTED.finditer(rest)]
    names = _load().months
    found += [
        _place(sent, one[3], names.get(one[2], 0), int(one[1])) for one in _NAMED.finditer(rest)
    ]
    if not any(found):
        found += [
            _place(sent, one[3], names.get(one[1], 0), int(one[2]))
            for one in _NAMED_FIRST.finditer(rest)
        ]
    made = [day for day in found if day]
    return made or _list_near(text, sent)


def _list_near(text: str, sent: date) -> list[date]:
    """Return days that are named by how far away they are, or by the day of the week."""
    page = _load()
    if page.tomorrow.search(text):
        return [sent + timedelta(days=1)]
    words = re.findall(r"[a-z]+|[月火水木金土日]曜|(?:周|星期)[一二三四五六日]", text)
    named = [page.weekdays[word] for word in words if word in page.weekdays]
    if named:
        return [sent + timedelta(days=(day - sent.weekday() - 1) % 7 + 1) for day in named]
    return [sent + timedelta(days=7 - sent.weekday())] if page.next_week.search(text) else []


def _read_parted(one: re.Match[str], sent: date, day_first: bool | None) -> date | None:  # noqa: FBT001  as above
    left, right = int(one[1]), int(one[3])
    if left > _MONTHS_OF_A_YEAR:
        day_first = True
    elif right > _MONTHS_OF_A_YEAR:
        day_first = False
    if day_first is None and left != right:
        return None
    day, month = (left, right) if day_first else (right, left)
    return _place(sent, one[4], month, day)


def _place(sent: date, year: str | None, month: int, day: int) -> date | None:
    if not year:
        return _next(sent, month, day)
    number = int(year)
    return _make(number if number >= _CENTURY else _CENTURY + number, month, day)


def _next(sent: date, month: int, day: int) -> date | None:
    """Return the day of this name that comes next."""
    this = _make(sent.year, month, day)
    if this and this > sent:
        return this
    later = _make(sent.year + 1, month, day)
    # What was a while ago is no day of next year: somebody's machine still says it.
    recent = this is not None and sent - this < timedelta(days=180)
    return None if recent else later


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class _Names:
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    tomorrow: re.Pattern[str]
    next_week: re.Pattern[str]
    back: re.Pattern[str]


@cache
def _load() -> _Names:
    page = read_page("days")
    return _Names(
        _count(page["months"], 1),
        _count(page["weekdays"], 0),
        re.compile(page["tomorrow"]),
        re.compile(page["next_week"]),
        re.compile(page["back"]),
    )


def _count(names: Mapping[str, list[str]], first: int) -> dict[str, int]:
    return {name: number for number, own in enumerate(names.values(), first) for name in own}
