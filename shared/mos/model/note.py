"""Why somebody did something, as they write it: it stands in records that many people read."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator

_MAILBOX = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_NUMBER = re.compile(r"(?:\d[\s().\-/]*){7,}")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def check_note(text: str) -> str:
    """Return a reason as it is kept: on one line, with nothing hidden, and nobody's address in it.

    >>> check_note("  wrong price ")
    'wrong price'

    Raises:
        ValueError: a mailbox, a telephone number or a sign that nobody sees stands in it.
    """
    said = text.strip()
    if any(unicodedata.category(sign) in _HIDDEN for sign in said):
        raise ValueError("write it on one line, in signs that are seen")
    if _MAILBOX.search(said) or _NUMBER.search(said):
        raise ValueError("write it without mailboxes and telephone numbers: many read it")
    return said


Note = Annotated[str, AfterValidator(check_note)]
"""A reason of one line that names nobody's mailbox or number."""
