"""Tell by its words in which one-byte code page a text was written. Pure."""

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import NamedTuple

_PAGES = {
    "cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1254": "Windows-1254",
    "mac_roman": "Mac Roman", "cp850": "DOS 850", "iso8859_2": "ISO 8859-2",
    "cp1251": "Windows-1251", "koi8_r": "KOI8-R", "cp1253": "Windows-1253",
    "cp1257": "Windows-1257", "cp852": "DOS 852", "mac_latin2": "Mac Central European",
}  # fmt: skip
"""In the order of how common they are: of two that read the same, the first names it."""
WIDE = ("cp932", "gb18030", "big5", "euc_kr")
"""What else a person may say that a file is: these are never guessed."""
_LOOKED_AT = 200_000
_WORDS = 5_000
_LONGEST = 60
_UNSURE = 0.25
_DEFINED = 0x80
_LONG_RUN = 3
_MOSTLY = 0.5
_TWO = 2

_PAGE = tomllib.loads(files("mos.sheet").joinpath("code_page.toml").read_text("utf-8"))
_VOWELS = frozenset(_PAGE["vowels"])
_COMMON = frozenset(_PAGE["common"])
_ALPHABETS = tuple(map(frozenset, _PAGE["alphabets"]))
_LATIN_EXTRA = frozenset().union(*_ALPHABETS)
_KNOWN = frozenset(_PAGE["words"].split())
_CENTRAL = frozenset(_PAGE["central"].split())
_CENTRAL_PAGES = ("cp1250", "iso8859_2", "cp852", "mac_latin2")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff'\-]*")


@dataclass(frozen=True)
class CodePage:
    """The likeliest code page, and those that are about as likely and read something else."""

    codec: str
    name: str
    rivals: tuple[str, ...]


class _Reading(NamedTuple):
    score: float
    codec: str
    text: str
    known: int


def choose_code_page(raw: bytes) -> CodePage:
    """Return in which code page a text that is no UTF-8 makes the most of its words.

    A sign within a word, a capital after a small letter, three vowels or consonants in a row
    where another page reads a syllable: each speaks against it. Western Windows is the
    commonest, so that it wins where nothing speaks for another.
    """
    found = (word[:_LONGEST] for word in _WORD.findall(raw[:_LOOKED_AT]))
    words = list(dict.fromkeys(found))[:_WORDS]
    readings = sorted(
        (_read(words, codec, rank) for rank, codec in enumerate(_PAGES)), key=lambda r: -r.score
    )
    best = readings[0]
    letters = sum(b >= _DEFINED for word in words for b in word) or 1
    close = [r for r in readings[1:] if r.text != best.text]
    rivals = [r.codec for r in close if best.score - r.score < _UNSURE * letters]
    if best.score < 0:
        rivals = [r.codec for r in close]
    if best.known:
        # A heading that another page misspells: "Deuxième" is no "Deuxičme".
        held = {r.codec for r in close if r.known >= best.known}
        rivals = [codec for codec in rivals if codec in held]
    if not rivals and not best.known and _is_a_guess(words, best, close):
        rivals = [close[0].codec]
    return CodePage(best.codec, _PAGES[best.codec], (*rivals, *WIDE) if rivals else ())


def _is_a_guess(words: list[bytes], best: _Reading, close: list[_Reading]) -> bool:
    """Say whether nothing but a single letter or two speaks for the best reading."""
    return len(words) == 1 and bool(close) and best.score - close[0].score < _TWO * _UNSURE


def _read(words: list[bytes], codec: str, rank: int) -> _Reading:
    texts = [word.decode(codec, "replace") for word in words]
    score = sum(map(_weigh, texts))
    special = {c for text in texts for c in text.lower() if c in _LATIN_EXTRA}
    if special and any(special <= alphabet for alphabet in _ALPHABETS):
        score += 0.5 * len(special)
    vocabulary = _KNOWN | _CENTRAL if codec in _CENTRAL_PAGES else _KNOWN - _CENTRAL
    known = sum(text.lower() in vocabulary for text in texts)
    score += known - 0.04 * rank * len(words)
    return _Reading(score, codec, " ".join(texts), known)


def _weigh(word: str) -> float:
    score = 0.0
    foreign = sum(not c.isascii() for c in word)
    for at, letter in enumerate(word):
        if letter.isascii():
            continue
        if not letter.isalpha() or letter == "\ufffd":
            score += _weigh_sign(word, at)
            continue
        score += _weigh_letter(word, at)
    is_latin = any(c.isascii() and c.isalpha() for c in word) or foreign == 1
    if is_latin and foreign > _TWO and foreign > _MOSTLY * len(word):
        score -= foreign
    return score


def _weigh_sign(word: str, at: int) -> float:
    """Return what a sign says: quotes stand around words, an apostrophe within, others alone."""
    sign, before, after = word[at], word[at - 1 : at].isalpha(), word[at + 1 : at + 2].isalpha()
    allowed = (
        (sign in _PAGE["opening"] and not before)
        or (sign in _PAGE["closing"] and not after)
        or (sign in _PAGE["apostrophes"] and before and after)
        or (sign in _PAGE["alone"] and not before and not after)
    )
    if allowed:
        return 0.5
    return -3.0 if before or after else -1.0


def _weigh_letter(word: str, at: int) -> float:
    letter = word[at]
    score = 1.0 if letter.lower() in _COMMON or ord(letter) >= 0x370 else 0.6  # noqa: PLR2004  Greek and Cyrillic
    if letter.lower() not in _LATIN_EXTRA and ord(letter) < 0x370:  # noqa: PLR2004  as above
        score = -1.0
    before, after = word[at - 1 : at], word[at + 1 : at + 2]
    if letter.isupper() and (before.islower() or (after.islower() and at and before.isupper())):
        score -= 2.0
    mixed = {c.isascii() or ord(c) < 0x370 for c in (before, letter, after) if c.isalpha()}  # noqa: PLR2004  as above
    if len(mixed) > 1:
        score -= 2.0
    run = _run_length(word.lower(), at)
    return score - 0.7 * max(0, run - _LONG_RUN + 1)


def _run_length(word: str, at: int) -> int:
    """Return how many vowels, or consonants, stand in a row around a letter."""
    kind = word[at] in _VOWELS
    first = last = at
    while first > 0 and word[first - 1].isalpha() and (word[first - 1] in _VOWELS) is kind:
        first -= 1
    while last + 1 < len(word) and word[last + 1].isalpha() and (word[last + 1] in _VOWELS) is kind:
        last += 1
    return last - first + 1
