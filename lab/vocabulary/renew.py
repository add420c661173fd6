"""Write the snapshots anew: `make vocabularies` installs the sources and runs this."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from lab.vocabulary.cldr import read_json
from lab.vocabulary.internet import (
    list_disposable_hosts,
    list_free_hosts,
    list_link_hosts,
    list_suffixes,
)
from lab.vocabulary.phones import list_phones
from lab.vocabulary.places import (
    list_countries,
    list_country_sets,
    list_country_zones,
    list_regions,
    list_zones,
)
from lab.vocabulary.words import list_currencies, list_languages

TARGET = Path(__file__).parents[2] / "shared/mos/vocabulary"
_PYPI = ("babel", "disposable-email-domains", "link-shorteners", "phonenumberslite",
         "publicsuffixlist", "pycountry", "tzdata")  # fmt: skip
_NPM = ("cldr-core", "cldr-localenames-full", "email-providers", "free-email-domains", "freemail")


def renew(packages: Path, target: Path) -> None:
    """Write each snapshot; `packages` is a `node_modules` with what `package.json` asks for."""
    made: dict[str, Iterable[str]] = {
        "countries": list_countries(packages),
        "country_sets": list_country_sets(packages),
        "regions": list_regions(),
        "zones": list_zones(packages),
        "country_zones": list_country_zones(),
        "currencies": list_currencies(),
        "language_names": list_languages(packages),
        "suffixes": list_suffixes(),
        "free_hosts": list_free_hosts(packages),
        "disposable_hosts": list_disposable_hosts(),
        "link_hosts": list_link_hosts(),
        "phones": list_phones(),
    }
    for name, lines in made.items():
        text = "\n".join(lines) + "\n"
        (target / f"{name}.txt").write_text(text, encoding="utf-8")
    said = [f"# Written by `make vocabularies` on {datetime.now(UTC):%Y-%m-%d}.", "[sources]"]
    said += [f'"{name}" = "{version(name)}"' for name in _PYPI]
    said += [f'"{n}" = "{read_json(packages, f"{n}/package.json")["version"]}"' for n in _NPM]
    (target / "sources.toml").write_text("\n".join(said) + "\n", encoding="utf-8")


if __name__ == "__main__":
    renew(Path(sys.argv[1]), TARGET)
