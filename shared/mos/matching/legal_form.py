"""Take a company's legal form off its name: it is no part of what a company is called. Pure."""

from functools import cache

from mos.matching.plain import words
from mos.matching.words import JOINING, read_words_page

_Phrase = tuple[str, ...]


def strip_legal_forms(text: str) -> str:
    """Return the plain words of a company's name without its legal forms, before and behind it.

    Dots in a form part nothing (S.p.A.); a name that is nothing but a form stays.

    >>> [strip_legal_forms(n) for n in ("Nowak Sp. z o.o.", "UAB Vilniaus Duona", "株式会社トヨタ")]
    ['nowak', 'vilniaus duona', 'トヨタ']
    """
    bare = _strip_glued(text)
    found = words(bare.replace("&", " ").replace(".", ""))
    kept = found.split()
    behind = _strip_behind(kept)
    if len(behind) < len(kept):
        behind = _strip_front(behind, _phrases("legal_around"))
    kept = _strip_front(behind, _phrases("legal_in_front"))
    return " ".join(word for word in kept if word not in JOINING) or found


def _strip_behind(kept: list[str]) -> list[str]:
    while True:
        form = next((p for p in _forms() if len(p) < len(kept) and kept[-len(p) :] == list(p)), ())
        if not form:
            return kept
        kept = kept[: -len(form)]
        while len(kept) > 1 and kept[-1] in JOINING:
            kept = kept[:-1]


def _strip_front(kept: list[str], forms: tuple[_Phrase, ...]) -> list[str]:
    form = next((p for p in forms if len(p) < len(kept) and kept[: len(p)] == list(p)), ())
    return kept[len(form) :]


def _strip_glued(text: str) -> str:
    """Return a name without a form that is written into it: 株式会社トヨタ."""
    if text.isascii():
        return text
    whole = text.replace("㈱", "(株)").replace("㈲", "(有)").replace("㈜", "(주)")
    whole = whole.translate(_BRACKETS).strip()
    for form in read_words_page()["legal_glued"].split():
        for rest in (whole.removeprefix(form), whole.removesuffix(form)):
            if rest != whole and rest.strip():
                return rest.strip()
    return whole


_BRACKETS = str.maketrans("\uff08\uff09", "()")


@cache
def _forms() -> tuple[_Phrase, ...]:
    """Return the forms that stand behind a name, longer ones first: a line is one of several words.

    Lines of many short forms state one each.
    """
    found: set[_Phrase] = set()
    for line in read_words_page()["legal_forms"].strip().splitlines():
        parts = words(line.replace(".", "")).split()
        found |= {tuple(parts)} if len(parts) <= _LONGEST else {(part,) for part in parts}
    return tuple(sorted(found, key=lambda p: (-len(p), p)))


@cache
def _phrases(name: str) -> tuple[_Phrase, ...]:
    if name == "legal_around":
        return tuple(tuple(line.split()) for line in read_words_page()[name].strip().splitlines())
    return tuple((word,) for word in words(read_words_page()[name]).split())


_LONGEST = 7
"""Words of the longest form."""
