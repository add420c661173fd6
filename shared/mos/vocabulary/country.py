"""Read which country somebody means: ISO 3166, in whatever language. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mos.vocabulary.folding import LONGEST, fold_name
from mos.vocabulary.snapshot import read_page, read_rows

_NOTHING = re.compile(r"n\s*[./\\]\s*a\.?|na|-+|\?+|none|null", re.ASCII)
_DOTTED = re.compile(r"(?:[A-Za-z]\.?\s?){2,4}")
_CODE = 3
"""Letters of the longest code."""
_FLAG = range(0x1F1E6, 0x1F200)
_SHORTENED = re.compile(r"\b(rep|fed|dem|isl|islam)\.", re.IGNORECASE)
_LONG = {
    "rep": "Republic", "fed": "Federation", "dem": "Democratic", "isl": "Islamic",
    "islam": "Islamic",
}  # fmt: skip
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
    return _whole(text) or _parts(text) or _spelt_out(text)


def find_decimal_sign(country: str | None) -> str | None:
    """Return the sign with which a country writes decimals, None where its languages differ."""
    return _decimal_signs().get(country or "")


def _whole(text: str) -> str | None:
    flag = "".join(chr(ord(c) - _FLAG.start + ord("A")) for c in text if ord(c) in _FLAG)
    if flag:
        return flag if len(text) == len(flag) and flag in country_codes() else None
    folded = fold_name(text)
    if len(folded) <= _CODE and folded.isascii():
        return _short(text, folded)
    found = _names().get(folded)
    if found is None and folded.startswith("the"):
        found = _names().get(folded[3:])
    return found or None


def _short(text: str, folded: str) -> str | None:
    """Return the country of a code, or of a name as short as one.

    Where a word is one country's code and another's name, its case tells them apart or nobody can.
    """
    code, named = _codes().get(folded), _names().get(folded) or None
    contradict = code is not None and named not in (None, code)
    if not text.isascii():
        exact = _accented().get(unicodedata.normalize("NFC", text.casefold()))
        return exact or (None if contradict else named)
    is_plain = text.isalnum() or _DOTTED.fullmatch(text)
    if not is_plain or (contradict and not (text.isupper() or text.islower())):
        return None
    return code or named


def _spelt_out(text: str) -> str | None:
    """Return the country of a name whose usual words are shortened: "Czech Rep."."""
    whole = _SHORTENED.sub(lambda found: _LONG[found[1].lower()], text)
    return None if whole == text else _whole(whole) or _parts(whole)


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
    """Return the country of each folded name; a name of two countries is nobody's."""
    found: dict[str, str] = {}
    for code, _, _, _, names in read_rows("countries"):
        # Two Latin letters are a code: as an abbreviation they mean another country elsewhere.
        for name in names.split("|"):
            if len(name) >= _CODE or not name.isascii():
                found[name] = code if found.get(name, code) == code else ""
    for code, others in read_page("exonyms")["countries"].items():
        for name in map(fold_name, others):
            found[name] = code if found.get(name, code) == code else ""
    return MappingProxyType(found)


@cache
def _codes() -> Mapping[str, str]:
    """Return the country of each code in lower case, and of the two that are used like codes."""
    rows = list(read_rows("countries"))
    found = {code.lower(): row[0] for row in rows for code in row[:3] if code}
    return MappingProxyType(found | read_page("exonyms")["codes"])


@cache
def _accented() -> Mapping[str, str]:
    """Return names that without their accents would be another country's code."""
    return MappingProxyType(read_page("exonyms")["accented"])


@cache
def _decimal_signs() -> Mapping[str, str]:
    return MappingProxyType({row[0]: row[3] for row in read_rows("countries") if row[3]})
