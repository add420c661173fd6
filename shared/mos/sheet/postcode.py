"""Postcodes that a spreadsheet took for numbers: what is left, and what may be lost. Pure."""

import re
from collections.abc import Mapping
from types import MappingProxyType

_WHOLE = re.compile(r"(\d+)[.,]0+")
_DIGITS: Mapping[str, int] = MappingProxyType({
    "AU": 4, "BR": 8, "CN": 6, "CO": 6, "DE": 5, "DK": 4, "DO": 5, "EC": 6, "EE": 5, "ES": 5,
    "FI": 5, "FR": 5, "IT": 5, "JP": 7, "KR": 5, "KZ": 6, "LT": 5, "MX": 5, "MY": 5, "NO": 4,
    "PE": 5, "PL": 5, "RO": 6, "SG": 6, "SK": 5, "TR": 5, "UA": 5, "US": 5, "VN": 6, "ZA": 4,
})  # fmt: skip
"""How many digits a postcode has where some begin with a zero (Universal Postal Union)."""


def tidy_number(cell: str) -> str:
    """Return digits without the decimals that a spreadsheet gave them; text stays as it is.

    >>> tidy_number("1234.0"), tidy_number("01234"), tidy_number("SW1A 1AA")
    ('1234', '01234', 'SW1A 1AA')
    """
    found = _WHOLE.fullmatch(cell.strip())
    return found.group(1) if found else cell


def doubt_postcode(cell: str, country: str | None) -> str:
    """Return why a zero in front may be lost, or nothing where none can be missing.

    A zero that is gone cannot be told from one that never was: it is said, and never put back.

    >>> doubt_postcode("1067", "DE"), doubt_postcode("01067", "DE"), doubt_postcode("1010", "AT")
    ('1067 has 4 of 5 digits: a zero in front may be lost', '', '')
    """
    code, digits = tidy_number(cell).strip(), _DIGITS.get(country or "", 0)
    if code.isdecimal() and len(code) < digits:
        return f"{code} has {len(code)} of {digits} digits: a zero in front may be lost"
    if code != cell.strip() and not country:
        return f"{code} was a number to a spreadsheet: a zero in front may be lost"
    return ""
