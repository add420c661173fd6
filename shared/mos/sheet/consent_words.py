"""The words of a heading: how many deny, what they are about, and which nobody knows. Pure."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from mos.model.consent import Purpose

CONTACT = (
    Purpose.EMAIL_MARKETING, Purpose.SMS_MARKETING, Purpose.PHONE_SALES, Purpose.ADVERTISING,
)  # fmt: skip
"""What somebody leaves who wants to hear nothing, by whatever way."""
_LONG = 7
"""Letters from which on a word may begin a longer one."""


@dataclass(frozen=True)
class HeadingWords:
    """A heading's words: how many deny, what they are about, and which nobody knows."""

    negations: int
    purposes: tuple[Purpose, ...] | None
    is_understood: bool
    speaks_of_contact: bool

    @classmethod
    def of(cls, words: Sequence[str]) -> "HeadingWords":
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
                negations += not _is_second_half(words, at, page)
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
            denied or bool(topics and _is_turned(words, page)),
        )


def _is_second_half(words: Sequence[str], at: int, page: Mapping[str, Any]) -> bool:
    """Say whether a no only ends another one: "ne pas", "ne souhaite pas"."""
    french = words[at] in {"pas", "jamais"} and "ne" in words[max(0, at - 3) : at]
    return french or (at > 0 and words[at - 1] in page["not"])


def _is_turned(words: Sequence[str], page: Mapping[str, Any]) -> bool:
    """Say whether a word of permission or for no stands anywhere in a heading."""
    if not page["permits"].isdisjoint(words):
        return True
    return any(w in page["not"] and not _is_number_sign(words, at) for at, w in enumerate(words))


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
    named = [key for key in (*topics, *outs) if key not in {"every", "nothing", "unsure"}]
    if "nothing" in topics and not named:
        return ()
    if "unsure" in outs and not named and not topics:
        return None  # "DNC" is a call for one and any contact for another; a "withdrawal" is money.
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
def _page() -> Mapping[str, Any]:
    page = load_page()
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


def _by_length(entry: tuple[str, str]) -> tuple[int, str]:
    return -len(entry[0]), entry[0]


@cache
def load_page() -> Mapping[str, Any]:
    """Return what is known of how headings speak of consent."""
    return tomllib.loads(files("mos.sheet").joinpath("consent.toml").read_text("utf-8"))
