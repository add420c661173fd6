"""Countries, their sets, regions and time zones."""

import gettext
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pycountry
from babel import Locale, UnknownLocaleError
from babel.core import get_global

from lab.vocabulary.cldr import list_names, read_json
from mos.vocabulary.folding import fold_name

_KOSOVO = "XK"
"""In no ISO list, but CLDR's and everybody's code."""
_EFTA_IN_EEA = ("IS", "LI", "NO")
"""Article 1 of the EEA agreement: with the Union they are the European Economic Area."""
_REGION_LANGUAGES = (
    "de", "fr", "es", "it", "nl", "pt", "pt_BR", "pl", "sv", "da", "cs", "fi", "hu", "ro", "ru",
    "uk", "tr", "ja", "zh_CN", "ko",
)  # fmt: skip

_WEEKS = 160
"""Three years: zones that keep the same time so long are taken for one."""


def list_countries(packages: Path) -> Iterator[str]:
    """Yield a line for each country: its codes, its decimal sign, and its names once each."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for code, name in [*_iso_names(), *list_names(packages, "territories.json")]:
        if folded := fold_name(name):
            names[code].setdefault(folded, name)
    for code in sorted({c.alpha_2 for c in pycountry.countries} | {_KOSOVO}):
        found = pycountry.countries.get(alpha_2=code)
        codes = (code, found.alpha_3, found.numeric) if found else (code, "XKX", "")
        yield "\t".join([*codes, _decimal_sign(code), "|".join(sorted(names[code]))])


def _iso_names() -> Iterator[tuple[str, str]]:
    for country in pycountry.countries:
        for field in ("name", "official_name", "common_name"):
            if name := getattr(country, field, None):
                yield country.alpha_2, name
                # "Iran, Islamic Republic of" is said the other way round, too.
                before, comma, after = name.partition(", ")
                if comma:
                    yield country.alpha_2, f"{after} {before}"


def _decimal_sign(code: str) -> str:
    """Return the sign that all official languages of a country write decimals with, or nothing."""
    signs = set()
    for language, about in get_global("territory_languages").get(code, {}).items():
        if about.get("official_status") in {"official", "de_facto_official"}:
            try:
                numbers = Locale.parse(f"{language}_{code}").number_symbols
            except (UnknownLocaleError, ValueError):
                continue
            signs.add(numbers.get("latn", {}).get("decimal", ""))
    return signs.pop() if len(signs) == 1 else ""


def list_country_sets(packages: Path) -> Iterator[str]:
    """Yield a line for each set of countries: the European Union, the European Economic Area."""
    page = read_json(packages, "cldr-core/supplemental/territoryContainment.json")
    contained = page["supplemental"]["territoryContainment"]
    members = set(contained["EU"]["_contains"])
    yield f"eu\t{' '.join(sorted(members))}"
    yield f"eea\t{' '.join(sorted(members | set(_EFTA_IN_EEA)))}"


def list_regions() -> Iterator[str]:
    """Yield a line for each region of ISO 3166-2: its code, and its names once each."""
    texts = [
        gettext.translation("iso3166-2", pycountry.LOCALES_DIR, [language])
        for language in _REGION_LANGUAGES
    ]
    for region in sorted(pycountry.subdivisions, key=lambda r: r.code):
        said = [region.name, *(text.gettext(region.name) for text in texts)]
        said = [part for name in said for part in (name, *name.split("/"))]
        said += [name.partition("[")[0].partition("(")[0] for name in said]
        found = {folded for name in said if (folded := fold_name(name))}
        yield f"{region.code}\t{'|'.join(sorted(found))}"


def list_zones(packages: Path) -> Iterator[str]:
    """Yield a line for each name of a time zone, and the zone that it is: IANA's and Windows'."""
    aliases = get_global("zone_aliases")
    listed = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    for name in sorted(set(listed) - {"Factory"}):
        yield f"{name}\t{_modern(name, aliases)}"
    page = read_json(packages, "cldr-core/supplemental/windowsZones.json")
    for entry in page["supplemental"]["windowsZones"]["mapTimezones"]:
        zone = entry["mapZone"]
        if zone["_territory"] == "001":
            yield f"{zone['_other']}\t{_modern(zone['_type'].split()[0], aliases)}"


def list_country_zones() -> Iterator[str]:
    """Yield a line for each country with the zones that it has, those that keep the same time once.

    Of zones that keep the same time for three years the one that the IANA lists first stays.
    """
    found: dict[str, dict[tuple[timedelta | None, ...], str]] = {}
    text = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            found.setdefault(country, {}).setdefault(_clock(zone), zone)
    for country, zones in sorted(found.items()):
        yield f"{country}\t{' '.join(zones.values())}"


def _clock(zone: str) -> tuple[timedelta | None, ...]:
    """Return what a zone's clocks show beside UTC, week by week for some years."""
    first, place = datetime(2026, 1, 4, 12, tzinfo=UTC), ZoneInfo(zone)
    weeks = (first + timedelta(weeks=n) for n in range(_WEEKS))
    return tuple(week.astimezone(place).utcoffset() for week in weeks)


def _modern(name: str, aliases: dict[str, str]) -> str:
    return aliases.get(name, name)
