"""The fields a record may have, and the headers that mean them."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Field(StrEnum):
    """What a column can hold. `FULL_NAME` and `ADDRESS` are taken apart before comparing."""

    GIVEN_NAME = "given_name"
    SURNAME = "surname"
    FULL_NAME = "full_name"
    EMAIL = "email"
    PHONE = "phone"
    COMPANY = "company"
    DOMAIN = "domain"
    TITLE = "title"
    STREET_NUMBER = "street_number"
    STREET = "street"
    ADDRESS = "address"
    ADDRESS_2 = "address_2"
    CITY = "city"
    POSTCODE = "postcode"
    STATE = "state"
    COUNTRY = "country"


ID_HEADERS = ("id", "recid", "recordid", "rowid")
"""Headers, squeezed, that name a row rather than describe it; the first that is there counts."""


def guess(headers: Iterable[str]) -> dict[str, Field]:
    """Return the field of each header that means one; the first header of a field wins.

    A lone address line is a whole address; beside a column of street numbers it is the street.

    >>> guess(["First Name", "E-Mail", "Shoe size"])
    {'First Name': <Field.GIVEN_NAME: 'given_name'>, 'E-Mail': <Field.EMAIL: 'email'>}
    """
    meanings = _meanings()
    found: dict[str, Field] = {}
    for header in headers:
        field = meanings.get(squeeze(header))
        if field is not None and field not in found.values():
            found[header] = field
    fields = set(found.values())
    if Field.STREET_NUMBER in fields and Field.STREET not in fields:
        found = {h: Field.STREET if f is Field.ADDRESS else f for h, f in found.items()}
    return found


def squeeze(header: str) -> str:
    """Return a header without case, accents, spaces and signs.

    >>> squeeze("Prénom "), squeeze("E-mail"), squeeze("Straße")
    ('prenom', 'email', 'strasse')
    """
    plain = unicodedata.normalize("NFKD", header.casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in plain if not unicodedata.combining(c)))


@cache
def _meanings() -> Mapping[str, Field]:
    page = tomllib.loads(files("mos.matching").joinpath("headers.toml").read_text("utf-8"))
    return {squeeze(word): Field(field) for field, words in page.items() for word in words}
