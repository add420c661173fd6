"""What headings are called beside the fields of matching, and whose they are. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mos.sheet.heading import join_words, split_words


def find_name(joined: str) -> str:
    """Return what a heading in one piece means, or an empty text.

    >>> find_name("hubspotid"), find_name("eposta"), find_name("budget")
    ('hubspot_id', 'email', '')
    """
    return _load().meanings.get(joined, "")


def drop_own_words(heading: str) -> str:
    """Return a heading in one piece, without words that say which of somebody's own it is.

    >>> drop_own_words("Private E-Mail 2")
    'email'
    """
    own = _load().own
    return "".join(w for w in split_words(heading) if w not in own and not w.isdigit())


def is_of_another(heading: str) -> bool:
    """Say whether a heading speaks of somebody else than the row's person: an owner, a guest."""
    words = split_words(heading)
    spaced = f" {' '.join(words)} "
    page = _load()
    return not page.others.isdisjoint(words) or any(f" {pair} " in spaced for pair in page.pairs)


def is_of_company(heading: str) -> bool:
    """Say whether a heading's mailbox or number can be a company's: its desk's, its books'."""
    return not _load().company.isdisjoint(split_words(heading))


@dataclass(frozen=True)
class _Names:
    meanings: Mapping[str, str]
    own: frozenset[str]
    company: frozenset[str]
    others: frozenset[str]
    pairs: tuple[str, ...]


@cache
def _load() -> _Names:
    page = tomllib.loads(files("mos.sheet").joinpath("names.toml").read_text("utf-8"))
    meanings = {
        join_words(word): key
        for key, words in page.items()
        if isinstance(words, str)
        for word in words.split()
    }
    return _Names(
        meanings,
        frozenset(page["own"]["words"].split()),
        frozenset(page["company"]["words"].split()),
        frozenset(page["others"]["words"].split()),
        tuple(page["others"]["pairs"].split("|")),
    )
