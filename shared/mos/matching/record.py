"""Read a row into the parts that are compared. Pure."""

import re
from collections.abc import Mapping

from mos.matching.clean import LONGEST, clean, phone_digits
from mos.matching.field import Field
from mos.matching.plain import words
from mos.matching.words import HONORIFICS, PARTICLES, SUFFIXES
from mos.vocabulary.company_host import find_mailbox_company
from mos.vocabulary.country import read_country

Record = dict[Field, str]
"""The comparable parts of a row; a part that nobody filled in is absent."""

_LEADING_NUMBER = re.compile(
    r"^(\d+[a-z]?(?: ?[-/] ?\d+[a-z]?)?),? +(?=\S*[^\W\d])(.+)$", re.IGNORECASE
)
_TRAILING_NUMBER = re.compile(
    r"^(.*[^\W\d]\S*) +(\d+(?: ?[a-z])?(?: ?[-/] ?\d+[a-z]?)?)$", re.IGNORECASE
)


def read(row: Mapping[Field, str]) -> Record:
    """Return the comparable parts of a row.

    A full name gives given name and surname, an address line its number and street, and a
    business e-mail the domain, each only where the row does not say it itself.

    >>> row = {Field.FULL_NAME: "Dr. Smith, John", Field.ADDRESS: "Hauptstraße 12a"}
    >>> sorted(read(row).values())
    ['12a', 'hauptstr', 'john', 'smith']
    """
    found = dict(row)
    if name := found.pop(Field.FULL_NAME, "")[:LONGEST]:
        given, surname = split_name(name)
        if not (found.get(Field.GIVEN_NAME) or found.get(Field.SURNAME)):
            found |= {Field.GIVEN_NAME: given, Field.SURNAME: surname}
    if line := found.pop(Field.ADDRESS, "")[:LONGEST]:
        number, street = split_address(line)
        number = found.get(Field.STREET_NUMBER) or number
        if not found.get(Field.STREET):
            found |= {Field.STREET_NUMBER: number, Field.STREET: street}
    record = {field: value for field, text in found.items() if (value := clean(field, text))}
    if Field.PHONE in record and (country := read_country(found.get(Field.COUNTRY))):
        record[Field.PHONE] = phone_digits(found[Field.PHONE][:LONGEST], country)
    if Field.DOMAIN not in record and (domain := find_mailbox_company(record.get(Field.EMAIL))):
        record[Field.DOMAIN] = domain
    return record


def split_name(text: str) -> tuple[str, str]:
    """Return given name and surname; a comma means that the surname came first.

    >>> split_name("Mr John A. van der Berg Jr"), split_name("O'Neil, Mary")
    (('john a', 'van der berg'), ('mary', 'oneil'))
    """
    before, comma, after = text.partition(",")
    if comma and (given := _core(after)):
        return " ".join(given), " ".join(_core(before))
    parts = _core(before)
    at = len(parts) - 1
    while at > 1 and parts[at - 1] in PARTICLES:
        at -= 1
    return " ".join(parts[:at]) if at > 0 else "", " ".join(parts[max(at, 0) :])


def split_address(text: str) -> tuple[str, str]:
    """Return house number and street, whichever comes first.

    >>> [split_address(line) for line in ("12-14 rue de Rivoli", "Lindenweg 7 b", "PO Box")]
    [('12-14', 'rue de Rivoli'), ('7 b', 'Lindenweg'), ('', 'PO Box')]
    """
    if found := _LEADING_NUMBER.match(text.strip()):
        return found.group(1), found.group(2)
    if found := _TRAILING_NUMBER.match(text.strip()):
        return found.group(2), found.group(1)
    return "", text


def _core(text: str) -> list[str]:
    parts = words(text).split()
    while len(parts) > 1 and parts[0] in HONORIFICS:
        parts = parts[1:]
    while len(parts) > 1 and parts[-1] in SUFFIXES:
        parts = parts[:-1]
    return parts
