"""Do a row of a list and a person look like one: mailbox, number and name. Pure."""

from collections.abc import Iterable, Mapping

from mos.matching.compare import Level, compare
from mos.matching.field import Field
from mos.matching.record import read
from mos.model.profile import Profile
from mos.model.signal import Signal
from mos.vocabulary.country import read_country

_NAMES = (Field.GIVEN_NAME, Field.SURNAME, Field.FULL_NAME)
_PERSONAL = (Field.PHONE, Field.EMAIL)
_TRAITS = {
    Field.GIVEN_NAME: "first_name", Field.SURNAME: "last_name", Field.FULL_NAME: "name",
    Field.PHONE: "phone", Field.TITLE: "title", Field.COMPANY: "company_name",
    Field.DOMAIN: "company_domain", Field.STREET_NUMBER: "street_number", Field.STREET: "street",
    Field.ADDRESS: "address", Field.ADDRESS_2: "address_2", Field.CITY: "city",
    Field.POSTCODE: "postcode", Field.STATE: "region", Field.COUNTRY: "country",
}  # fmt: skip


def read_row(signal: Signal) -> dict[Field, str]:
    """Return what a row says that can be compared with a person."""
    named = {"company_name": signal.company.get("name")}
    named["company_domain"] = signal.company.get("domain")
    said = {f: str(signal.traits.get(n) or named.get(n) or "") for f, n in _TRAITS.items()}
    return _with_addresses(said, {i.type: i.value for i in reversed(signal.identifiers)})


def read_person(profile: Profile) -> dict[Field, str]:
    """Return a person as a record that can be compared."""
    said = {f: str(profile.trait(name) or "") for f, name in _TRAITS.items()}
    held = {kind: profile.value_of(kind) or "" for kind in ("email", "phone")}
    return _with_addresses(said, held)


def _with_addresses(said: dict[Field, str], held: Mapping[str, str]) -> dict[Field, str]:
    said[Field.EMAIL] = held.get("email", "")
    said[Field.PHONE] = said[Field.PHONE] or held.get("phone", "")
    return {field: value for field, value in said.items() if value}


def find_doubt(row: Mapping[Field, str], person: Profile) -> str | None:
    """Return why a human should look at a pair however likely it is, or None.

    A name and an employer are shared by relatives, namesakes and colleagues: without a number or a
    mailbox that agrees, and with a mailbox or a name that does not, nobody is attached unasked.
    """
    if found := find_difference(row, person):
        return found
    return None if _agrees(row, person, _PERSONAL) else "nothing of theirs alone agrees"


def find_place_doubt(row: Mapping[Field, str], person: Profile) -> str | None:
    """Return why a row is not who stood at its place in the list, or None.

    The place says a little: a name is enough beside it, but not nothing at all.
    """
    if found := find_difference(row, person):
        return found
    return None if _agrees(row, person, (*_PERSONAL, *_NAMES)) else "nothing of theirs agrees"


def find_difference(row: Mapping[Field, str], person: Profile) -> str | None:
    """Return what of a row is another than the person's, or None."""
    mail = row.get(Field.EMAIL, "").strip().lower()
    mails = {i.value for i in person.identifiers if i.type == "email"}
    if mail and mails and mail not in mails:
        return "another mailbox"
    known = read_person(person)
    if has_other_name(row, known):
        return "another name"
    return "another country" if has_other_country(row, known) else None


def _agrees(row: Mapping[Field, str], person: Profile, fields: Iterable[Field]) -> bool:
    levels = compare(read(row), read(read_person(person)))
    return any(levels.get(field) is Level.EXACT for field in fields)


def has_other_name(one: Mapping[Field, str], other: Mapping[Field, str]) -> bool:
    """Say whether both have a name and it is another: no nickname, initial or slip explains it."""
    levels = compare(read(one), read(other))
    return any(levels.get(f) is Level.DIFFERENT for f in _NAMES)


def has_other_country(one: Mapping[Field, str], other: Mapping[Field, str]) -> bool:
    """Say whether both say where they are, and it is another country."""
    here, there = read_country(one.get(Field.COUNTRY)), read_country(other.get(Field.COUNTRY))
    return here is not None and there is not None and here != there
