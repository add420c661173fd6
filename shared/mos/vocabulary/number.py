"""Read a number as people of different countries write it. Pure."""

import re
import unicodedata

from mos.vocabulary.country import find_decimal_sign

_LARGEST = 1e15
_LONGEST = 40
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007"), " ")
_SIGNS = {0x66C: "'", 0x66B: ",", 0x2019: "'", 0x2212: "-", 0x60: "'"}
"""Signs of thousands, of decimals and of minus in other scripts and typefaces."""
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*")
_INDIAN = re.compile(r"[+-]?\d{1,2}(?:,\d{2})+,\d{3}")
_PLAIN = re.compile(r"[+-]?\d+")
_EXPONENT = re.compile(r"[+-]?\d(?:\.\d+)?[eE][+-]?\d{1,2}")


def read_number(value: object, country: str | None = None) -> float | int | None:
    """Return a number, None where it could be two: "1,234" is a thousand here and one there.

    `country` is the code of the country whose way of writing decides. Grouped whole parts, Indian
    lakhs, digits of other scripts are read; money, percents and words are not.

    >>> [read_number(t) for t in ("1.234,56", "1,234.56", "1 234 567", "12,34,567", "1,5", "1,234")]
    [1234.56, 1234.56, 1234567, 1234567, 1.5, None]
    >>> read_number("1,234", "US"), read_number("1,234", "DE"), read_number("a few")
    (1234, 1.234, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value if abs(value) < _LARGEST else None
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    found = _read(_normalize(value), find_decimal_sign(country))
    return found if found is not None and abs(found) < _LARGEST else None


def read_whole_number(value: object) -> int | None:
    """Return a count of things: a sign before three digits can only part thousands.

    >>> [read_whole_number(t) for t in ("1,200", "1.200", "850", 12.0, "1,5", "200+")]
    [1200, 1200, 850, 12, None, None]
    """
    text = _normalize(value) if isinstance(value, str) else ""
    if text and len(text) <= _LONGEST and _GROUPED.fullmatch(text):
        value = "".join(c for c in text if c.isdigit() or c == "-")
    found = read_number(value)
    return int(found) if found is not None and found == int(found) else None


def _normalize(text: str) -> str:
    digits = (str(unicodedata.decimal(c, c)) for c in text.translate(_SPACES).translate(_SIGNS))
    return "".join(digits).strip()


def _read(text: str, decimal: str | None) -> float | int | None:
    if _PLAIN.fullmatch(text):
        return int(text)
    if _EXPONENT.fullmatch(text):
        return float(text)
    if _INDIAN.fullmatch(text):
        return int(text.replace(",", ""))
    last = max(text.rfind("."), text.rfind(","))
    before, after = text[: max(last, 0)], text[last + 1 :]
    if last < 0 or text[last] in before:
        return _whole(text)
    if not after.isascii() or not after.isdigit():
        return None
    return _parted(before, text[last], after, decimal)


def _parted(before: str, sign: str, after: str, decimal: str | None) -> float | int | None:
    """Return a number of which one sign stands before the last digits."""
    if len(after) == 3 and _could_group(before):  # noqa: PLR2004  a group has three digits
        if decimal is None:
            return None
        return _join(before, after) if sign == decimal else _whole(f"{before}{sign}{after}")
    return _join(before, after)


def _could_group(before: str) -> bool:
    """Say whether three digits more could be a further group of thousands."""
    bare = before.lstrip("+-")
    return bare.isdigit() and len(bare) <= 3 and not bare.startswith("0")  # noqa: PLR2004  as above


def _whole(text: str) -> int | None:
    if not _GROUPED.fullmatch(text):
        return None
    return int("".join(c for c in text if c.isdigit() or c == "-"))


def _join(before: str, after: str) -> float | None:
    if before in {"", "+", "-"}:
        return float(f"{before}0.{after}")
    whole = int(before) if _PLAIN.fullmatch(before) else _whole(before)
    if whole is None:
        whole = int(before.replace(",", "")) if _INDIAN.fullmatch(before) else None
    if whole is None:
        return None
    return float(f"{'-' if before.startswith('-') else ''}{abs(whole)}.{after}")
