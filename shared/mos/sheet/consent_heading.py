"""Does a column's heading speak of consent, and does its yes give or take? Pure.

A heading grants only where it is known word for word. What a heading takes away may be worked
out: a word for no, or for leaving, and nothing that is not understood. Everything else that
sounds of consent is asked about.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from mos.model.consent import Purpose
from mos.sheet.heading import join_words, split_words, strip_marks
from mos.sheet.legend import cut_legend

CONTACT = (
    Purpose.EMAIL_MARKETING, Purpose.SMS_MARKETING, Purpose.PHONE_SALES, Purpose.ADVERTISING,
)  # fmt: skip
"""What somebody leaves who wants to hear nothing, by whatever way."""
_CLAUSE = re.compile(r"[()/;:,]")
_LONGEST = 300
_LONG = 7
"""Letters from which on a word may begin a longer one."""


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
    heading, has_codes = cut_legend(heading[:_LONGEST])
    joined = join_words(heading)
    words = split_words(heading)
    if _only_sounds_so(joined, words):
        return None
    plain = _Parsed.of(words)
    denies_marketing = plain.negations > 0 and "marketing" in joined
    if not (_speaks(joined, words) or plain.speaks_of_contact or denies_marketing):
        return None
    # Which number means what stands in words that nobody takes apart.
    taken = None if has_codes else _find_taken(heading, plain)
    if taken is not None:
        return ConsentHeading(Effect.WITHDRAWS, taken)
    return ConsentHeading(Effect.ASK, plain.purposes or ())


def _find_taken(heading: str, plain: "_Parsed") -> tuple[Purpose, ...] | None:
    if plain.is_understood and plain.purposes is not None and plain.negations == 1:
        return plain.purposes
    return _read_clauses(heading) or None


def _read_clauses(heading: str) -> tuple[Purpose, ...]:
    """Return what a heading takes that says so twice: "Robinson list (no adverts)"."""
    clauses = [_Parsed.of(words) for part in _CLAUSE.split(heading) if (words := split_words(part))]
    if not all(c.is_understood and c.negations == 1 and c.purposes for c in clauses):
        return ()
    return tuple(sorted({purpose for c in clauses for purpose in c.purposes or ()}))


def negates(heading: str) -> bool:
    """Say whether a heading holds a word of negation or of leaving, in any language we read."""
    return _Parsed.of(split_words(heading)).negations > 0


def _speaks(joined: str, words: Sequence[str]) -> bool:
    page = _load()["speaks"]
    spaced = " ".join(words)
    return bool(
        re.search(page["joined"], joined)
        or re.search(page["starts"], spaced)
        or _others().search(spaced)
        or _others().search(joined)
    )


def _only_sounds_so(joined: str, words: Sequence[str]) -> bool:
    never = re.compile(_load()["speaks"]["never"])
    return bool(never.search(" ".join(words)) or never.search(joined))


@dataclass(frozen=True)
class _Parsed:
    """A heading's words: how many deny, what they are about, and which nobody knows."""

    negations: int
    purposes: tuple[Purpose, ...] | None
    is_understood: bool
    speaks_of_contact: bool

    @classmethod
    def of(cls, words: Sequence[str]) -> "_Parsed":
        """Return the words read from left to right, the longest that is known first."""
        page = _page()
        negations, unknown, denied = 0, 0, False
        outs: list[str] = []
        topics: list[str] = []
        at = 0
        while at < len(words):
            used, key, is_out = _match(words, at, page)
            if used:
                negations += is_out
                (outs if is_out else topics).append(key)
                denied = denied or is_out or _is_denied(words, at, page)
            elif words[at] in page["not"] and not _is_number_sign(words, at):
                # "Ne pas" is one no, and "ring inte" another's.
                negations += not (at and words[at - 1] in page["not"])
                denied = denied or (at + 1 == len(words) and bool(topics))
            elif words[at] in page["soft"] or words[at] in page["verbs"]:
                negations += 1
                last = at + 1 == len(words) and words[at] in page["verbs"]
                denied = denied or (last and bool(topics))
            elif words[at] not in page["filler"] and not words[at].isdigit():
                unknown += 1
            at += used or 1
        return cls(
            negations,
            _find_purposes(outs, topics),
            not unknown,
            denied or bool(topics and not page["permits"].isdisjoint(words)),
        )


def _is_number_sign(words: Sequence[str], at: int) -> bool:
    """Say whether a no is that of "contact no." and "no. of calls"."""
    return words[at] == "no" and (at + 1 == len(words) or words[at + 1] in {"of", "de"})


def _is_denied(words: Sequence[str], at: int, page: Mapping[str, Any]) -> bool:
    """Say whether a no stands before a word, with nothing of weight between them."""
    while at > 0 and words[at - 1] in page["filler"] and words[at - 1] not in page["not"]:
        at -= 1
    before = words[at - 1] if at else ""
    return before in page["verbs"] or (before in page["not"] and not _is_number_sign(words, at - 1))


def _find_purposes(outs: Sequence[str], topics: Sequence[str]) -> tuple[Purpose, ...] | None:
    """Return the ways that are named, else all of them; None where nothing is named."""
    if not outs and not topics:
        return None
    named = [key for key in (*topics, *outs) if key not in {"every", "nothing"}]
    if "nothing" in topics and not named:
        return ()
    # A channel narrows what "newsletter" or "unsubscribed" leaves open.
    narrow = [key for key in named if key != "email_marketing"]
    if narrow and "email" not in topics:
        named = narrow
    return tuple(dict.fromkeys(Purpose(key) for key in named)) or CONTACT


def _match(words: Sequence[str], at: int, page: Mapping[str, Any]) -> tuple[int, str, bool]:
    """Return how many words from here are one that is known, its purpose, whether it is leaving."""
    for used in (3, 2, 1):
        if at + used > len(words):
            continue
        joined = "".join(words[at : at + used])
        for start, key in page["out"]:
            # Its last word takes part: "opt-out newsletter" is two things.
            if joined.startswith(start) and len(start) > len(joined) - len(words[at + used - 1]):
                return used, key, True
    for used in (2, 1):
        if at + used > len(words):
            continue
        joined = "".join(words[at : at + used])
        if joined in page["topic"]:
            return used, page["topic"][joined], False
    key = next((k for start, k in page["beginnings"] if words[at].startswith(start)), "")
    return (1, key, False) if key else (0, "", False)


@cache
def _exact() -> Mapping[str, Purpose]:
    page = _load()["exact"]
    return {word: Purpose(key) for key, words in page.items() for word in words.split()}


@cache
def _page() -> Mapping[str, Any]:
    page = _load()
    topics = {word: key for key, words in page["purpose"].items() for word in words.split()}
    return {
        "out": tuple(
            sorted(((w, k) for k, ws in page["out"].items() for w in ws.split()), key=_by_length)
        ),
        "topic": topics,
        "beginnings": tuple(
            sorted(((w, k) for w, k in topics.items() if len(w) >= _LONG), key=_by_length)
        ),
        "not": frozenset(page["not"]["words"].split()),
        "soft": frozenset(page["not"]["soft"].split()),
        "verbs": frozenset(page["not"]["verbs"].split()),
        "permits": frozenset(page["permits"]["words"].split()),
        "filler": frozenset(page["filler"]["words"].split()),
    }


@cache
def _others() -> re.Pattern[str]:
    return re.compile(strip_marks(_load()["others"]["words"].replace("\n", "")))


def _by_length(entry: tuple[str, str]) -> tuple[int, str]:
    return -len(entry[0]), entry[0]


@cache
def _load() -> Mapping[str, Any]:
    return tomllib.loads(files("mos.sheet").joinpath("consent.toml").read_text("utf-8"))
