"""Bring a text to its plain words. Pure."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[^\w]+|_+")
_SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe"})


def words(text: str) -> str:
    """Return the words of a text: lower case, no accents, single spaces.

    >>> words("  Élise  O’Brien-Łuk ")
    'elise obrien luk'
    """
    if text.isascii():
        plain = text.lower()
    else:
        plain = unicodedata.normalize("NFKD", text.casefold()).translate(_SPECIAL)
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    if plain.isalnum():
        return plain
    return _NOT_WORD.sub(" ", plain.replace("'", "").replace("\u2019", "")).strip()
