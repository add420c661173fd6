"""Read which country somebody means: ISO 3166, in whatever language. Pure."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mos.vocabulary.folding import LONGEST, fold_name
from mos.vocabulary.snapshot import read_page, read_rows

_NOTHING = re.compile(r"n\s*[./\\]\s*a\.?|na|-+|\?+|none|null", re.ASCII)
_DOTTED = re.compile(r"(?:[A-Za-z]\.?\s?){2,4}")
_FLAG = range(0x1F1E6, 0x1F200)
_BETWEEN = re.compile(r"[()\[\]/|,;:]|\s[-–—]\s|\s*→\s*")
_BESIDE = re.compile(r"(?:the|\+?\d{1,4})?", re.ASCII)
"""What may stand beside a name without being one: an article, a calling code."""


@cache
def country_codes() -> frozenset[str]:
    """Return the codes of all countries: two letters, as ISO 3166 and CLDR have them."""
    return frozenset(row[0] for row in read_rows("countries"))


@cache
def country_sets() -> Mapping[str, frozenset[str]]:
    """Return the sets of countries that rules speak of, by name: `eu`, `eea`, all `countries`."""
    named = {name: frozenset(members.split()) for name, members in read_rows("country_sets")}
    return MappingProxyType(named | {"countries": country_codes()})


def read_country(value: object) -> str | None:
    """Return a country's ISO code of two letters; None for what is misspelt, shared or no country.

    Codes of two and three letters and digits, names in the languages of CLDR, official names and
    what people call countries are read; a part that is called a country (England) is its country.

    >>> [read_country(v) for v in ("Deutschland", "deu", "276", "U.S.A.", "England", "Germny")]
    ['DE', 'DE', 'DE', 'US', 'GB', None]
    >>> [read_country(v) for v in ("Iran, Islamic Republic of", "Germany (DE)", "n/a", "Korea")]
    ['IR', 'DE', None, None]
    """
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    text = value.strip()
    if not text or _NOTHING.fullmatch(text) or (_NOTHING.fullmatch(text.lower()) and text != "NA"):
        return None
    return _whole(text) or _parts(text)


def find_decimal_sign(country: str | None) -> str | None:
    """Return the sign with which a country writes decimals, None where its languages differ."""
    return _decimal_signs().get(country or "")


def _whole(text: str) -> str | None:
    flag = "".join(chr(ord(c) - _FLAG.start + ord("A")) for c in text if ord(c) in _FLAG)
    if flag:
        return flag if len(text) == len(flag) and flag in country_codes() else None
    folded = fold_name(text)
    if len(folded) <= 3 and folded.isascii() and not _is_code_like(text):  # noqa: PLR2004  a code has three letters at most
        return None
    found = _names().get(folded)
    if found is None and folded.startswith("the"):
        found = _names().get(folded[3:])
    return found or None


def _is_code_like(text: str) -> bool:
    return text.isalnum() or bool(_DOTTED.fullmatch(text))


def _parts(text: str) -> str | None:
    """Return the country that all parts of a text mean: "Germany (DE)", "DE - Deutschland"."""
    parts = [part.strip() for part in _BETWEEN.split(text)]
    parts = [part for part in parts if not _BESIDE.fullmatch(part.lower())]
    if not parts or parts == [text]:
        return None
    found = {_whole(part) for part in parts}
    return found.pop() if len(found) == 1 else None


@cache
def _names() -> Mapping[str, str]:
    """Return the country of each folded name and code; a name of two countries is nobody's."""
    found: dict[str, str] = {}
    for code, third, digits, _, names in read_rows("countries"):
        # Two Latin letters are a code: as an abbreviation they mean another country elsewhere.
        longer = [name for name in names.split("|") if len(name) > 2 or not name.isascii()]  # noqa: PLR2004
        for name in (code.lower(), third.lower(), digits, *longer):
            if name:
                found[name] = code if found.get(name, code) == code else ""
    for code, others in read_page("exonyms")["countries"].items():
        for name in map(fold_name, others):
            found[name] = code if found.get(name, code) == code else ""
    return MappingProxyType(found)


@cache
def _decimal_signs() -> Mapping[str, str]:
    return MappingProxyType({row[0]: row[3] for row in read_rows("countries") if row[3]})
