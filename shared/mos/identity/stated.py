"""What a sender wrote, kept beside what was read of it. Pure."""

from collections.abc import Mapping
from typing import TypeVar

from mos.model.signal import Signal

T = TypeVar("T")

STATED = "_stated"
"""How the sender's own word for a value is called: `country_stated` beside `country`."""


def replace_words(held: Mapping[str, T], said: Mapping[str, T]) -> dict[str, T]:
    """Return what is held after a new statement: of one value, the latest word alone holds.

    A word that could not be read makes its value unknown, and one that could takes away what was
    written before.

    >>> replace_words({"country": "DE", "plan": "pro"}, {"country_stated": "Germny"})
    {'plan': 'pro', 'country_stated': 'Germny'}
    """
    gone = {find_pair(name) for name in said} - said.keys()
    return {name: value for name, value in held.items() if name not in gone} | dict(said)


def find_pair(name: str) -> str:
    """Return what a value's own word is called, or the value of a word.

    >>> find_pair("country"), find_pair("country_stated")
    ('country_stated', 'country')
    """
    return name.removesuffix(STATED) if name.endswith(STATED) else name + STATED


def cleared_names(signal: Signal) -> tuple[str, ...]:
    """Return the names of what the owner of a record has emptied."""
    cleared = signal.properties.get("cleared")
    return cleared if isinstance(cleared, tuple) else (str(cleared),) if cleared else ()
