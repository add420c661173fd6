"""Bring an answer's words to the form in which phrases are looked up. Pure."""

import re
import unicodedata

_LETTERS = str.maketrans({
    "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "\u0131": "i",
    "’": "'", "\u2018": "'", "\u00b4": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-",
    "\u00a0": " ", "\u202f": " ", "\u3000": " ",
})  # fmt: skip
_SENTENCE = re.compile(
    r"(?<=[!?\u3002\uff01\uff1f])\s*|(?<=[^\W\d]|[)\"'])\.(?=\s+\S)|\n+", re.IGNORECASE
)
_MOST = 400
_ACCENTS = range(0x300, 0x370)


def fold(text: str) -> str:
    """Return a text in small letters without accents; letters of other scripts stay.

    >>> fold("Désinscrivez-moi, s’il vous plaît"), fold("がある")
    ("desinscrivez-moi, s'il vous plait", 'がある')
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS).casefold())
    bare = "".join(c for c in plain if ord(c) not in _ACCENTS)
    seen = "".join(c for c in bare if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFC", seen).translate(_LETTERS)


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, folded, each in one line; the first four hundred of them."""
    found = (" ".join(fold(part or "").split()) for part in _SENTENCE.split(text))
    return [sentence for sentence in found if sentence][:_MOST]
