"""Words that carry no identity, or have a shorter form of the same meaning."""

import tomllib
from importlib.resources import files
from typing import Any


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("mos.matching").joinpath(name).read_text("utf-8"))


def _shorter(table: dict[str, list[str]]) -> dict[str, str]:
    return {word: short for short, words in table.items() for word in (short, *words)}


_PAGE = _read("words.toml")

EMPTY = frozenset(("", *_PAGE["empty"]))
LEGAL_FORMS = frozenset(_PAGE["legal_forms"].split())
JOINING = frozenset(_PAGE["joining"].split())
HONORIFICS = frozenset(_PAGE["honorifics"].split())
SUFFIXES = frozenset(_PAGE["suffixes"].split())
PARTICLES = frozenset(_PAGE["particles"].split())
VAGUE = frozenset(_PAGE["vague"].split())

STREETS = _shorter(_PAGE["streets"])
STATES = _shorter(_PAGE["states"])
