"""Figures that hold roughly everywhere: where learning starts, and what it falls back to."""

from mos.matching.compare import Level
from mos.matching.field import Field

USUAL_M = {
    Level.EXACT: 0.75,
    Level.ALIAS: 0.03,
    Level.NEAR: 0.1,
    Level.PART: 0.02,
    Level.CLOSE: 0.03,
    Level.SWAPPED: 0.01,
    Level.DIFFERENT: 0.06,
}
"""How often the two values of a match show each level, where nothing else is known."""

USUAL_U = {
    Level.EXACT: 0.005,
    Level.ALIAS: 0.002,
    Level.NEAR: 0.005,
    Level.PART: 0.005,
    Level.CLOSE: 0.02,
    Level.SWAPPED: 0.0001,
    Level.DIFFERENT: 0.96,
}
"""How often two strangers' values do."""

USUAL_SHARE = {
    Field.GIVEN_NAME: 0.005,
    Field.SURNAME: 0.001,
    Field.EMAIL: 0.0001,
    Field.PHONE: 0.0001,
    Field.COMPANY: 0.001,
    Field.DOMAIN: 0.001,
    Field.TITLE: 0.02,
    Field.STREET_NUMBER: 0.01,
    Field.STREET: 0.001,
    Field.ADDRESS_2: 0.01,
    Field.CITY: 0.01,
    Field.POSTCODE: 0.002,
    Field.STATE: 0.1,
    Field.COUNTRY: 0.3,
}
"""The share of records that have one given value."""

NAMES_ONE = {Field.EMAIL: 1 / 16, Field.PHONE: 1 / 4}
"""How much rarer than chance strangers share a value that is given out once."""
