"""Read what a sender writes in a hundred ways into the one word that policy knows. Pure.

What cannot be read is left out: it is unknown. The sender's own word stays beside it, under
`<name>_stated`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from mos.identity.stated import STATED
from mos.vocabulary.company_host import find_site_company
from mos.vocabulary.country import read_country
from mos.vocabulary.currency import read_currency
from mos.vocabulary.host import read_host
from mos.vocabulary.language import read_language
from mos.vocabulary.number import read_number
from mos.vocabulary.region import read_region
from mos.vocabulary.size import read_size
from mos.vocabulary.zone import read_zone

Words = Mapping[str, Any]
Reader = Callable[[object], object]


def read_person(traits: Words) -> dict[str, Any]:
    """Return a person's attributes with country, region, zone and language in one form each.

    >>> read_person({"country": "Deutschland", "region": "Bayern", "timezone": "Berlin"})
    {'country': 'DE', 'country_stated': 'Deutschland', 'region': 'DE-BY', 'region_stated': 'Bayern', 'timezone_stated': 'Berlin'}
    """  # noqa: E501  a dictionary has no seams
    country = read_country(traits.get("country"))
    readers: dict[str, Reader] = {
        "country": lambda _: country,
        "region": lambda said: read_region(said, country),
        "timezone": read_zone,
        "language": read_language,
    }
    return _apply(traits, readers)


def read_company(company: Words) -> dict[str, Any]:
    """Return a company's facts with each number a number, and the domain that it registered.

    A size is the least that was said; a page at somebody else's is no domain.

    >>> read_company({"country": "UK", "employees": "51-200", "domain": "linkedin.com/company/a"})
    {'country': 'GB', 'country_stated': 'UK', 'employees': 51, 'employees_stated': '51-200', 'domain_stated': 'linkedin.com/company/a'}
    """  # noqa: E501  a dictionary has no seams
    country = read_country(company.get("country"))
    readers: dict[str, Reader] = {
        "country": lambda _: country,
        "region": lambda said: read_region(said, country),
        "employees": read_size,
        "revenue": lambda said: read_number(said, country),
        "currency": read_currency,
        "domain": find_site_company,
    }
    return _apply(company, readers)


def _apply(values: Words, readers: Mapping[str, Reader]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in values.items():
        reader = readers.get(name)
        if reader is None or value is None or value == "":
            made.setdefault(name, value)
            continue
        found = reader(value)
        if found is not None:
            made[name] = found
        if not _says_the_same(name, value, found):
            made[name + STATED] = value
    return made


def _says_the_same(name: str, stated: object, found: object) -> bool:
    """Say whether nothing is lost where only what was read is kept."""
    if name == "domain":
        return found is not None and read_host(stated) == found
    return str(stated).strip().casefold() == str(found).casefold()
