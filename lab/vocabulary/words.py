"""Currencies and languages."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pycountry
from babel import Locale
from babel.numbers import get_currency_name, get_currency_symbol

from lab.vocabulary.cldr import list_names, read_json
from mos.vocabulary.folding import fold_name

_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs", "ru",
              "uk", "tr", "ja", "zh", "ko", "ar")  # fmt: skip
_SHORT = 2
"""Only languages that have a code of two letters are read by name."""


def list_currencies() -> Iterator[str]:
    """Yield a line for each currency of ISO 4217: its code, its own sign, and its names.

    A sign counts where CLDR gives it to one currency for the whole world: `US$`, `€`, and no `$`.
    """
    signs: dict[str, list[str]] = defaultdict(list)
    for locale in ("root", "en"):
        for currency in pycountry.currencies:
            signs[get_currency_symbol(currency.alpha_3, locale)].append(currency.alpha_3)
    for currency in sorted(pycountry.currencies, key=lambda c: c.alpha_3):
        code = currency.alpha_3
        sign = get_currency_symbol(code, "root")
        own = sign if sign != code and set(signs[sign]) == {code} else ""
        names = {fold_name(currency.name)}
        for language in _LANGUAGES:
            counts = (None, *Locale.parse(language).plural_form.tags, "other")
            forms = {get_currency_name(code, _example(n), language) for n in counts}
            names |= {fold_name(form) for form in forms if form != code}
        yield f"{code}\t{own}\t{'|'.join(sorted(names - {''}))}"


def _example(count: str | None) -> float | None:
    """Return a number that a language counts so, roughly: names come in these forms."""
    return {"one": 1, "two": 2, "few": 3, "many": 5, "other": 100, "zero": 0}.get(count or "")


def list_languages(packages: Path) -> Iterator[str]:
    """Yield a line for each language: its shortest code, other codes for it, and its names."""
    names: dict[str, set[str]] = defaultdict(set)
    for code, name in list_names(packages, "languages.json"):
        names[code.replace("-", "_")].add(fold_name(name))
    aliases: dict[str, set[str]] = defaultdict(set)
    listed = read_json(packages, "cldr-core/supplemental/aliases.json")
    old = listed["supplemental"]["metadata"]["alias"]["languageAlias"]
    for code, found in old.items():
        if "-" not in code and "-" not in found["_replacement"]:
            aliases[found["_replacement"]].add(code)
    codes = {getattr(one, "alpha_2", one.alpha_3): one for one in pycountry.languages}
    for code in sorted(c for c in codes.keys() & names.keys() - set(old) if len(c) == _SHORT):
        other = getattr(codes[code], "bibliographic", None)
        aliases[code] |= {other} if other else set()
        said = "|".join(sorted(names[code] - {""}))
        yield f"{code}\t{' '.join(sorted(aliases[code]))}\t{said}"
    for code in sorted(codes.keys() & names.keys() - set(old)):
        if len(code) != _SHORT:
            yield f"{code}\t\t"
