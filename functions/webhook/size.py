"""Read how large a company says it is: a number, or the range that forms offer. Pure."""

import re
from typing import Any

_NUMBER = re.compile(
    r"(\d{1,3}(?:[.,'’\s\u00a0\u202f]\d{3})+|\d+(?:\.\d+)?)\s*(k|tsd|m)?\b", re.IGNORECASE
)
_TIMES = {"": 1, "k": 1_000, "tsd": 1_000, "m": 1_000_000}
_UNDER = re.compile(
    r"\s*(?:<|under|less than|fewer than|up to|unter|weniger als|bis|moins de|menos de|meno di"
    r"|minder dan)",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"self[ _-]?employed|freelance\w*|selb(?:st)?ständig|just me|sole trader|indépendant",
    re.IGNORECASE,
)
_LARGEST = 10_000_000


def read_size(value: Any) -> Any:  # noqa: ANN401  any JSON value
    """Return the least number of employees that a text allows, or the text where it names none.

    >>> [read_size(v) for v in ("51-200", "10,001+", "SIZE_51_TO_200", "< 10", "200", "a few")]
    [51, 10001, 51, 1, '200', 'a few']
    """
    if not isinstance(value, str) or value.strip().isdigit():
        return value
    if _ALONE.search(value[:100]):
        return 1
    numbers = [_read(found) for found in _NUMBER.finditer(value[:100].replace("_", " "))]
    if not numbers or len(numbers) > 2 or max(numbers) > _LARGEST:  # noqa: PLR2004  a range has two ends
        return value
    if len(numbers) == 1 and _UNDER.match(value):
        return 1
    return min(numbers)


def _read(found: re.Match[str]) -> int:
    digits, unit = found[1], (found[2] or "").lower()
    is_decimal = bool(unit) and "." in digits
    plain = digits if is_decimal else re.sub(r"\D", "", digits)
    return int(float(plain) * _TIMES[unit])
