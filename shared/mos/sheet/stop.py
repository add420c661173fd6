"""Somebody's wish to be left alone, written in a note or a tag. Pure.

What is found here takes away and never gives; a person is shown the words.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mos.model.consent import Purpose
from mos.sheet.consent_words import CONTACT
from mos.sheet.heading import fold, strip_marks

_LONGEST = 4_000
_SHOWN = 80
_GOES_ON = 30
"""Characters behind a stop that may say what it is about."""


@dataclass(frozen=True)
class WrittenStop:
    """The words that somebody should look at, and what is taken away until somebody has."""

    words: str
    purposes: tuple[Purpose, ...]


def find_stop(text: str) -> WrittenStop | None:
    """Return the wish to be left alone that a text holds, or None; in every language we read.

    >>> find_stop("bitte kein Newsletter!").purposes[0].value
    'email_marketing'
    >>> find_stop("not interested anymore").purposes, find_stop("wants a demo")
    ((), None)
    """
    plain = fold(text[:_LONGEST]).replace("_", " ")
    spaced = re.sub(r"[^\w'’@.!\-]+", " ", plain)
    page = _load()
    spaced = page.absent.sub(" ", spaced)
    for pattern in page.stops:
        if found := pattern.search(spaced) or pattern.search(spaced.replace("-", " ")):
            about = _find_purposes(found[0]) or _find_purposes(_read_on(found))
            shown = " ".join(text.split())[:_SHOWN]
            return WrittenStop(shown, about or (Purpose.EMAIL_MARKETING,))
    if page.doubts.search(spaced):
        return WrittenStop(" ".join(text.split())[:_SHOWN], ())
    return None


def _find_purposes(words: str) -> tuple[Purpose, ...]:
    page = _load()
    if page.everything.search(words):
        return CONTACT
    found = [p for p, pattern in page.ways if pattern.search(words)]
    if page.mail.search(words):
        found.append(Purpose.EMAIL_MARKETING)
    return tuple(sorted(found))


def _read_on(found: re.Match[str]) -> str:
    """Return what a stop goes on with: "no quiere" says of what only behind it."""
    return re.split(r"[.!]", found.string[found.start() : found.end() + _GOES_ON])[0]


@dataclass(frozen=True)
class _Patterns:
    stops: tuple[re.Pattern[str], ...]
    doubts: re.Pattern[str]
    absent: re.Pattern[str]
    everything: re.Pattern[str]
    ways: tuple[tuple[Purpose, re.Pattern[str]], ...]
    mail: re.Pattern[str]


@cache
def _load() -> _Patterns:
    written = files("mos.sheet").joinpath("stop.toml").read_text("utf-8")
    page = tomllib.loads(strip_marks(written))
    thing = "|".join(page[name] for name in ("mail", "call", "ads", "contact"))
    filled = {"{thing}": f"(?:{thing})", "{fill}": page["fill"]}
    stops = []
    for text in page["stops"]:
        for blank, pattern in filled.items():
            text = text.replace(blank, pattern)  # noqa: PLW2901  two blanks, one text
        stops.append(re.compile(text))
    calls = re.compile(rf"\b(?:{page['call']}|{page['calling']})\b")
    return _Patterns(
        tuple(stops),
        re.compile(page["doubts"]),
        re.compile(page["absent"]),
        re.compile(f"{page['ads']}|{page['everything']}"),
        ((Purpose.PHONE_SALES, calls), (Purpose.SMS_MARKETING, re.compile(r"\bsms\b|\btext"))),
        re.compile(page["mail"]),
    )
