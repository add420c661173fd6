"""Words that carry no identity, or have a shorter form of the same meaning."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_words_page() -> dict[str, Any]:
    """Return the page that all words stand on."""
    return tomllib.loads(files("mos.matching").joinpath("words.toml").read_text("utf-8"))


def _shorter(table: dict[str, list[str]]) -> dict[str, str]:
    return {word: short for short, words in table.items() for word in (short, *words)}


_PAGE = read_words_page()

EMPTY = frozenset(("", *_PAGE["empty"]))
JOINING = frozenset(_PAGE["joining"].split())
HONORIFICS = frozenset(_PAGE["honorifics"].split())
SUFFIXES = frozenset(_PAGE["suffixes"].split())
PARTICLES = frozenset(_PAGE["particles"].split())
VAGUE = frozenset(_PAGE["vague"].split())

STREETS = _shorter(_PAGE["streets"])
STATES = _shorter(_PAGE["states"])
