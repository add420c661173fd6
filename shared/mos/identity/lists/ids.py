"""Whose an id is: a system's, by its shape and scope, or the list's own. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

from mos.model.signal import Provenance
from mos.sheet.column import SheetColumn
from mos.sheet.heading import join_words

LIST = "list"
"""The type of an id that belongs to its list: `list:<list>:<column>:<value>`."""
_SALESFORCE = re.compile(r"(?=.{15}(?:.{3})?$)[0-9A-Za-z]{5}[0-9A-Za-z]+")
_OF_PEOPLE = ("003", "00Q")
_HUBSPOT = re.compile(r"\d{1,20}")
_LINKEDIN = re.compile(
    r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/(?:in|pub)/([^/?#\s]+)", re.IGNORECASE
)
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_NOTHING = re.compile(r"[0\-]*(AAA)?|n/?a|none|null", re.IGNORECASE)
_LONGEST = 200
_FEWEST = 2


def find_id(
    column: SheetColumn, cell: str, provenance: Provenance, *, scoped: bool
) -> tuple[str, str] | None:
    """Return the type and value of a person's id, or None where the cell is no person's.

    An id of another company's system is not one of ours: only a list that we collected ourselves,
    or a person who says so (`scoped` is false), makes a HubSpot id ours. A Salesforce id says by
    its shape what it is, and is the same with fifteen signs as with eighteen.
    """
    value = cell.strip()
    if _NOTHING.fullmatch(value) or len(value) > _LONGEST:
        return None
    own = LIST, f"{join_words(column.name)}:{value}"
    if column.meaning == "salesforce_id" and _SALESFORCE.fullmatch(value):
        return _read_salesforce_id(value, own)
    if column.meaning == "linkedin_url":
        found = _LINKEDIN.match(value)
        return ("linkedin_url", f"linkedin.com/in/{found[1].lower()}") if found else None
    is_ours = not scoped or provenance is Provenance.FIRST_PARTY
    is_hubspot = column.meaning == "hubspot_id" and _HUBSPOT.fullmatch(value)
    if (is_hubspot and is_ours) or (column.meaning == "user_id" and not scoped):
        return column.meaning, value
    return own


def _read_salesforce_id(value: str, own: tuple[str, str]) -> tuple[str, str] | None:
    """Return a person's id: its first three signs say of which object it is."""
    if value[:3] in _OF_PEOPLE:
        return "salesforce_id", lengthen(value)
    return own if value[:3].isalpha() else None


def lengthen(value: str) -> str:
    """Return a Salesforce id with its eighteen signs: the last three say which are capitals.

    >>> lengthen("0038a00000EXMP1"), lengthen("0038a00000EXMP1AAC")
    ('0038a00000EXMP1AAP', '0038a00000EXMP1AAP')
    """
    short = value[:15]
    parts = (short[start : start + 5] for start in (0, 5, 10))
    return short + "".join(
        _SUFFIX[sum(sign.isupper() << at for at, sign in enumerate(part))] for part in parts
    )


def is_row_number(values: Sequence[str]) -> bool:
    """Say whether a column only counts its rows: the number of a row is nobody's id.

    >>> is_row_number(["1", "2", "3"]), is_row_number(["7", "9", "8"]), is_row_number(["17"])
    (True, False, True)
    """
    numbers = [int(v) for v in values if v.isascii() and v.isdigit() and len(v) < 8]  # noqa: PLR2004  a longer one is no count
    if len(numbers) != len(values) or not numbers:
        return False
    if len(numbers) < _FEWEST:
        return numbers[0] < 100  # noqa: PLR2004  a lone small number counts
    steps = {after - before for before, after in pairwise(numbers)}
    return steps == {1} and numbers[0] < 1_000_000  # noqa: PLR2004  ids of a vendor may follow one another, far up
