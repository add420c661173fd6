"""Bring a name to the form under which it is looked up. Pure."""

import unicodedata

LONGEST = 200
"""Characters of a value that are looked at: a longer one is no name of anything."""

_LETTERS = str.maketrans({
    "&": "and", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
    "\u0131": "i",  # a dotless i
    "\u0451": "\u0435",  # io, mostly written as ie
    "\u064a": "\u06cc", "\u0643": "\u06a9",  # Arabic and Persian ye and kaf
})  # fmt: skip
_ACCENTS = range(0x300, 0x370)
_JOINERS = frozenset("\u0640\u200b\u200c\u200d\u2060\ufeff")


def fold_name(text: str) -> str:
    """Return a name without case, accents, spaces and signs; marks that are letters elsewhere stay.

    >>> fold_name("Côte d’Ivoire"), fold_name("St. Kitts & Nevis"), fold_name("भारत ")
    ('cotedivoire', 'stkittsandnevis', 'भारत')
    """
    if text.isascii():
        return "".join(c for c in text.lower().replace("&", "and") if c.isalnum())
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return "".join(c for c in plain if _counts(c))


def _counts(char: str) -> bool:
    if ord(char) in _ACCENTS or char in _JOINERS:
        return False
    return char.isalnum() or unicodedata.category(char).startswith("M")
