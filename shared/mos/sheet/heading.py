"""The heading of a column: in one form, and taken apart into words. Pure."""

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
_PARTS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9à-ÿ])(?=[A-Z])")


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """Return a text in lower case, without accents.

    >>> fold("Désabonné"), fold("Größe"), fold("Łódź")
    ('desabonne', 'grosse', 'lodz')
    """
    return strip_marks(text.casefold()).translate(_LETTERS)


def strip_marks(text: str) -> str:
    """Return a text without accents and other marks on its letters, in the same case.

    >>> strip_marks("É"), strip_marks("ガ") == strip_marks("カ")
    ('E', True)
    """
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c))


@lru_cache(maxsize=1 << 14)
def split_words(heading: str) -> tuple[str, ...]:
    """Return the words of a heading, however they are joined.

    >>> split_words("HasOptedOutOfEmail"), split_words("e_mail-opt.in")
    (('has', 'opted', 'out', 'of', 'email'), ('e', 'mail', 'opt', 'in'))
    """
    return tuple(_PARTS.findall(fold(_CAMEL.sub(" ", heading).replace("'", " ").replace("’", " "))))


def join_words(heading: str) -> str:
    """Return a heading without its spaces and signs.

    >>> join_words("E-Mail 2: Adresse")
    'email2adresse'
    """
    return "".join(_PARTS.findall(fold(heading)))
