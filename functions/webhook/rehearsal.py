"""Know what somebody sent to try a form: it is kept, and moves nothing. Pure."""

from collections.abc import Mapping
from typing import Any

_DUMMY = "<test lead: dummy data for"
"""How Meta's testing tool fills in every answer of a lead; nothing else in it says so."""


def is_rehearsed(traits: Mapping[str, Any]) -> bool:
    """Say whether the answers themselves are a testing tool's.

    >>> is_rehearsed({"name": "<test lead: dummy data for full_name>"})
    True
    """
    return any(isinstance(said, str) and said.startswith(_DUMMY) for said in traits.values())
