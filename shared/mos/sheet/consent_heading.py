"""Does a column's heading speak of consent, and does its yes give or take? Pure.

A heading grants only where it is known word for word. What a heading takes away may be worked
out: a word for no, or for leaving, and nothing that is not understood. Everything else that
sounds of consent is asked about.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from mos.model.consent import Purpose
from mos.sheet.consent_words import HeadingWords, load_page
from mos.sheet.heading import join_words, split_words, strip_marks
from mos.sheet.legend import cut_legend

_CLAUSE = re.compile(r"[()/;:,]")
_CUSTOM = re.compile(r"^(?:[a-z0-9]+__)?(.+)__p?c$", re.IGNORECASE)
"""How Salesforce writes the name of a field of one's own."""
_LONGEST = 300


class Effect(StrEnum):
    """What the cells of a column do."""

    TRAIT = "trait"
    IDENTIFIER = "identifier"
    ACCOUNT = "account"
    GRANTS = "grants"
    WITHDRAWS = "withdraws"
    EITHER = "either"
    IGNORED = "ignored"
    ASK = "ask"


@dataclass(frozen=True)
class ConsentHeading:
    """What a heading's yes does, and for which purposes."""

    effect: Effect
    purposes: tuple[Purpose, ...] = ()


@lru_cache(maxsize=1 << 12)
def read_consent_heading(heading: str) -> ConsentHeading | None:
    """Return what a heading says of consent, or None where it speaks of something else.

    >>> read_consent_heading("Newsletter").effect.value
    'either'
    >>> read_consent_heading("Keine Werbung").effect.value
    'withdraws'
    >>> read_consent_heading("Opt-in for our partners").effect.value
    'ask'
    >>> read_consent_heading("First name") is None
    True
    """
    if purpose := _exact().get(join_words(heading[:_LONGEST])):
        return ConsentHeading(Effect.EITHER, (purpose,))
    heading, has_codes = cut_legend(_CUSTOM.sub(r"\1", heading[:_LONGEST]))
    joined = join_words(heading)
    words = split_words(heading)
    if _only_sounds_so(joined, words):
        return None
    plain = HeadingWords.of(words)
    denies_marketing = plain.negations > 0 and "marketing" in joined
    if not (_speaks(joined, words) or plain.speaks_of_contact or denies_marketing):
        return None
    # Which number means what stands in words that nobody takes apart.
    taken = None if has_codes else _find_taken(heading, plain)
    if taken is not None:
        return ConsentHeading(Effect.WITHDRAWS, taken)
    return ConsentHeading(Effect.ASK, plain.purposes or ())


def _find_taken(heading: str, plain: HeadingWords) -> tuple[Purpose, ...] | None:
    if plain.is_understood and plain.purposes is not None and plain.negations == 1:
        return plain.purposes
    return _read_clauses(heading) or None


def _read_clauses(heading: str) -> tuple[Purpose, ...]:
    """Return what a heading takes that says so twice: "Robinson list (no adverts)"."""
    clauses = [
        HeadingWords.of(words) for part in _CLAUSE.split(heading) if (words := split_words(part))
    ]
    if not all(c.is_understood and c.negations == 1 and c.purposes for c in clauses):
        return ()
    return tuple(sorted({purpose for c in clauses for purpose in c.purposes or ()}))


def negates(heading: str) -> bool:
    """Say whether a heading holds a word of negation or of leaving, in any language we read."""
    return HeadingWords.of(split_words(heading)).negations > 0


def _speaks(joined: str, words: Sequence[str]) -> bool:
    page = load_page()["speaks"]
    spaced = " ".join(words)
    return bool(
        re.search(page["joined"], joined)
        or re.search(page["starts"], spaced)
        or _others().search(spaced)
        or _others().search(joined)
    )


def _only_sounds_so(joined: str, words: Sequence[str]) -> bool:
    never = re.compile(load_page()["speaks"]["never"])
    return bool(never.search(" ".join(words)) or never.search(joined))


@cache
def _exact() -> Mapping[str, Purpose]:
    page = load_page()["exact"]
    return {word: Purpose(key) for key, words in page.items() for word in words.split()}


@cache
def _others() -> re.Pattern[str]:
    return re.compile(strip_marks(load_page()["others"]["words"].replace("\n", "")))
