"""Records that agree because they share a home, an employer or a town, and are not one. Pure."""

from collections.abc import Iterable, Mapping

from mos.matching.field import Field

_PLACE = frozenset({Field.CITY, Field.POSTCODE, Field.STATE, Field.COUNTRY})
_ADDRESS = _PLACE | {Field.STREET_NUMBER, Field.STREET, Field.ADDRESS_2, Field.PHONE}

RELATIONS: Mapping[str, frozenset[Field]] = {
    "household": _ADDRESS | {Field.SURNAME},
    "colleagues": _ADDRESS | {Field.COMPANY, Field.DOMAIN},
    "building": _ADDRESS,
    "place": _PLACE,
    "branches": frozenset({Field.COMPANY, Field.DOMAIN}),
}
"""What each relation shares. Its other fields agree no more often than those of strangers."""

_ANCHOR = {
    "household": frozenset({Field.SURNAME}),
    "colleagues": frozenset({Field.COMPANY, Field.DOMAIN}),
    "building": frozenset({Field.STREET}),
    "place": _PLACE,
    "branches": frozenset({Field.COMPANY}),
}
_OWN = {
    "household": frozenset({Field.GIVEN_NAME}),
    "colleagues": frozenset({Field.GIVEN_NAME, Field.SURNAME, Field.EMAIL}),
    "building": frozenset({Field.GIVEN_NAME, Field.SURNAME, Field.EMAIL, Field.COMPANY}),
    "place": frozenset(Field) - _PLACE,
    "branches": frozenset({Field.STREET, Field.CITY, Field.POSTCODE, Field.PHONE}),
}
_PERSON = frozenset({Field.GIVEN_NAME, Field.SURNAME})


def relations_among(fields: Iterable[Field]) -> tuple[str, ...]:
    """Return the relations that these fields can tell from identity.

    Something must anchor it, two must be shared, or independence does no harm, and one must be
    the record's own.

    >>> relations_among([Field.COMPANY, Field.DOMAIN, Field.EMAIL])
    ('colleagues',)
    """
    given = frozenset(fields)
    return tuple(
        name
        for name, shared in RELATIONS.items()
        if len(given & shared) > 1
        and given & _OWN[name]
        and given & _ANCHOR[name]
        and not (name == "branches" and given & _PERSON)
    )
