"""Read which currency somebody means: ISO 4217. Pure."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mos.vocabulary.folding import LONGEST, fold_name
from mos.vocabulary.snapshot import read_rows

_BETWEEN = re.compile(r"[()\[\]/|,;:]|\s[-–—]\s")


def read_currency(value: object) -> str | None:
    """Return a currency's ISO code; a sign counts where it is one currency's the world over.

    >>> [read_currency(v) for v in ("eur", "€", "US$", "US Dollar (USD)", "złoty", "$", "¥", "kr")]
    ['EUR', 'EUR', 'USD', 'USD', 'PLN', None, None, None]
    """
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    parts = [p.strip() for p in _BETWEEN.split(value) if p.strip()]
    found = {_read(part) for part in parts}
    return found.pop() if len(found) == 1 else None


def _read(text: str) -> str | None:
    return _signs().get(text) or _names().get(fold_name(text)) or None


@cache
def _signs() -> Mapping[str, str]:
    return MappingProxyType({sign: code for code, sign, _ in read_rows("currencies") if sign})


@cache
def _names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code, _, names in read_rows("currencies"):
        for name in (code.lower(), *names.split("|")):
            found[name] = code if found.get(name, code) == code else ""
    return MappingProxyType(found)
