"""Text that others wrote, made safe to show: one line, nothing that a terminal obeys. Pure."""

import re
import unicodedata
from collections.abc import Iterator

_JOINERS = frozenset("\u200c\u200d")
"""Persian, Hindi and emoji need them: they hide nothing."""
_SPACES = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_UNSEEN = "\N{REPLACEMENT CHARACTER}"
_MARKUP = str.maketrans("[]{}<>`|*#~\\“”", '()()()\'¦·+-/""')
"""What is markup to a terminal, in Markdown or HTML, and what it is written as instead."""
_IN_NAMES = frozenset(" .,_'’-–&+/():°ªº®™\u200c\u200d")
_MAILBOX = re.compile(r"[\w.+'-]{1,64}@[\w.-]{1,80}")
_MOST_WORDS, _LONGEST = 5, 120


def make_plain(text: str) -> str:
    r"""Return a text on one line, with a mark for each sign that is unseen or that steers a screen.

    Escapes, bells, signs that turn the direction of reading, and tags that only machines read.

    >>> make_plain("Jane\nDoe\x1b[31m") == "Jane Doe\ufffd[31m", make_plain("Zoë")
    (True, 'Zoë')
    """
    return text if text.isprintable() else "".join(_replace_unseen(text))


def _replace_unseen(text: str) -> Iterator[str]:
    for sign in text:
        if sign.isprintable() or sign in _JOINERS:
            yield sign
        elif sign in _SPACES or unicodedata.category(sign) == "Zs":
            yield " "
        else:
            yield _UNSEEN


def make_plain_lines(text: str) -> str:
    """Return a text with its lines as they are, each made plain."""
    return "\n".join(map(make_plain, text.split("\n")))


def quote_data(text: str) -> str:
    """Return what somebody wrote of themselves as it may stand in a sentence of ours.

    What looks like a name stays as it is. All else is somebody's text: it stands in quotes, without
    signs that are markup anywhere, and is cut where it is long.

    >>> quote_data("Jane O'Neil-Doe"), quote_data("Müller & Söhne GmbH")
    ("Jane O'Neil-Doe", 'Müller & Söhne GmbH')
    >>> quote_data("![x](http://evil.example)")
    '“!(x)(http://evil.example)”'
    """
    said = " ".join(make_plain(text).split())
    return said if _is_name(said) else quote_text(said)


def quote_text(text: str) -> str:
    """Return somebody's text in quotes, without signs that are markup, cut where it is long."""
    said = " ".join(make_plain(text).split())
    cut = said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1].rstrip()}…"
    return f"“{cut.translate(_MARKUP)}”"


def _is_name(text: str) -> bool:
    if _MAILBOX.fullmatch(text):
        return True
    short = len(text) <= _LONGEST and len(text.split()) <= _MOST_WORDS
    return short and "//" not in text and all(c.isalnum() or _is_in_name(c) for c in text)


def _is_in_name(sign: str) -> bool:
    return sign in _IN_NAMES or unicodedata.category(sign) in ("Mn", "Mc")
