"""The fields a record may have, and the headers that mean them."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

from mos.matching.words import VAGUE


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

    A header that is not known by itself means what its last words mean ("contactFirstName").

    >>> guess(["First Name", "E-Mail", "Shoe size"])
    {'First Name': <Field.GIVEN_NAME: 'given_name'>, 'E-Mail': <Field.EMAIL: 'email'>}
    """
    names = list(headers)
    found: dict[str, Field] = {}
    for meaning in (_whole, _ending):
        for header in names:
            field = None if header in found else meaning(header)
            if field is not None and field not in found.values():
                found[header] = field
    found = {header: found[header] for header in names if header in found}
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


def _whole(header: str) -> Field | None:
    return _meanings().get(squeeze(header))


def _ending(header: str) -> Field | None:
    """Return what the last words of a header mean, passing over a short tag such as `_c1`."""
    words = re.findall(r"[^\W\d_]+|\d+", re.sub(r"([a-z])([A-Z])", r"\1 \2", header))
    while len(words) > 1 and (words[-1].isdigit() or len(words[-1]) == 1):
        words.pop()
    endings = ["".join(words[at:]) for at in range(len(words))]
    return next((f for e in endings if e.casefold() not in VAGUE and (f := _whole(e))), None)


@cache
def _meanings() -> Mapping[str, Field]:
    page = tomllib.loads(files("mos.matching").joinpath("headers.toml").read_text("utf-8"))
    return {squeeze(word): Field(field) for field, words in page.items() for word in words}
