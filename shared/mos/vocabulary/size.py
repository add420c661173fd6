"""Read how large a company says it is: a number, or the range that forms offer. Pure."""

import re

from mos.vocabulary.number import read_whole_number

_NUMBER = re.compile(
    r"(\d{1,3}(?:[.,'’\s\u00a0\u202f]\d{3})+|\d+(?:\.\d+)?)\s*(k|tsd|m)?\b", re.IGNORECASE
)
_TIMES = {"": 1, "k": 1_000, "tsd": 1_000, "m": 1_000_000}
_UNDER = re.compile(
    r"\s*(?:<|under|less than|fewer than|up to|unter|weniger als|bis|moins de|menos de|meno di"
    r"|minder dan|jusqu|hasta|fino a|tot)",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"self[ _-]?employed|freelance\w*|selb(?:st)?ständig|just me|sole trader|indépendant",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"[%$€£¥]|\d[.,]\d{1,2}(?!\d|\s*k)|(?:^|[^a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*",
    re.IGNORECASE,
)
"""Money, shares, halves of people, and ranges that a spreadsheet has made a date of."""
_LARGEST = 10_000_000
_LOOKED_AT = 100


def read_size(value: object) -> int | None:
    """Return the least number of employees that is said, None where no number can be meant.

    >>> [read_size(v) for v in ("51-200", "10,001+", "1k-5k", "< 10", "200+ employees", 51)]
    [51, 10001, 1000, 1, 200, 51]
    >>> [read_size(v) for v in ("a few", "10-Jan", "5%", "200-51", -3)]
    [None, None, None, None, None]
    """
    if not isinstance(value, str):
        found = read_whole_number(value)
        return found if found is not None and 0 <= found <= _LARGEST else None
    if _ALONE.search(value[:_LOOKED_AT]):
        return 1
    if len(value) > _LOOKED_AT or _OTHER.search(value) or value.strip().startswith("-"):
        return None
    numbers = [_read(found) for found in _NUMBER.finditer(value.replace("_", " "))]
    if not numbers or len(numbers) > 2 or numbers != sorted(numbers) or numbers[-1] > _LARGEST:  # noqa: PLR2004  a range has two ends
        return None
    return 1 if len(numbers) == 1 and _UNDER.match(value) else numbers[0]


def _read(found: re.Match[str]) -> int:
    digits, unit = found[1], (found[2] or "").lower()
    is_decimal = bool(unit) and "." in digits
    plain = digits if is_decimal else re.sub(r"\D", "", digits)
    return int(float(plain) * _TIMES[unit])
