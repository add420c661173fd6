"""Read which state, province or region of a country somebody means: ISO 3166-2. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mos.vocabulary.folding import LONGEST, fold_name
from mos.vocabulary.snapshot import read_page, read_rows


def read_region(value: object, country: str | None = None) -> str | None:
    """Return a region's ISO code, None where it is misspelt or could be several.

    `country` is the country's code, where it is known; a region of another one is unknown.

    >>> [read_region(v, "US") for v in ("CA", "california", "US-CA", "Bavaria", "Calfornia")]
    ['US-CA', 'US-CA', 'US-CA', None, None]
    >>> read_region("CA"), read_region("Bayern"), read_region("de-by")
    (None, 'DE-BY', 'DE-BY')
    """
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    text = value.strip()
    code = text.upper().replace("_", "-").replace(" ", "")
    if code in _codes():
        return code if country in (None, code[:2]) else None
    if country and f"{country}-{code}" in _codes():
        return f"{country}-{code}"
    found = [c for c in _names().get(fold_name(text), ()) if country in (None, c[:2])]
    return found[0] if len(found) == 1 else None


@cache
def _codes() -> frozenset[str]:
    return frozenset(row[0] for row in read_rows("regions"))


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for code, names in read_rows("regions"):
        for name in names.split("|"):
            found[name][code] = None
    for code, others in read_page("exonyms")["regions"].items():
        for name in others:
            found[fold_name(name)][code] = None
    return MappingProxyType({name: tuple(codes) for name, codes in found.items()})
