"""What a heading says of its own answers, as "(yes/no)" or "0 = no". Pure."""

import re

from mos.sheet.heading import strip_marks

_YES = "yes|y|ja|j|oui|o|si|s|sim|tak|ano|true|wahr|vrai|kylla|1"
_NO = "no|n|nein|non|nao|nie|ne|nee|nej|nei|ei|false|falsch|faux|0"
_EITHER = re.compile(
    rf"[(\[]?\s*(?<![a-z0-9])(?:(?:{_YES})\s*[/|]\s*(?:{_NO})|(?:{_NO})\s*[/|]\s*(?:{_YES}))"
    r"(?![a-z0-9])\s*[)\]]?",
    re.IGNORECASE,
)
_CODES = re.compile(
    rf"(?<![a-z0-9])(?:\d\s*[=:]\s*(?:{_YES}|{_NO}|opt\w*)|(?:{_YES}|{_NO})\s*=\s*\d)(?![a-z])",
    re.IGNORECASE,
)


def cut_legend(heading: str) -> tuple[str, bool]:
    """Return a heading without the answers it offers, and whether it gives them numbers.

    >>> cut_legend("Opt-out (yes/no)"), cut_legend("Newsletter (0=no, 1=yes)")[1]
    (('Opt-out', False), True)
    """
    plain = strip_marks(heading)
    if _CODES.search(plain):
        return heading, True
    found = _EITHER.search(plain)
    return (_without(plain, found), False) if found else (heading, False)


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}".strip()
