"""Know what somebody sent to try a form: it is kept, and moves nothing. Pure."""

from collections.abc import Mapping
from typing import Any

from functions.webhook.fields import Element, flag

_DUMMY = "test lead: dummy data"
"""How Meta's testing tool fills in every answer of a lead; nothing else in it says so."""
_NAMES = ("is_test", "isTest", "test_lead", "testLead", "is_test_lead")
"""What vendors call the flag of a lead that is sent to try a form."""


def is_rehearsed(traits: Mapping[str, Any]) -> bool:
    """Say whether the answers themselves are a testing tool's.

    >>> is_rehearsed({"name": "<test lead: dummy data for full_name>"})
    True
    """
    return any(isinstance(said, str) and _DUMMY in said[:500].lower() for said in traits.values())


def is_flagged(*bodies: Element) -> bool:
    """Say whether any of these objects says itself that it is a test, by whichever name.

    Raises:
        MalformedError: such a flag is neither true nor false.

    >>> is_flagged({"email": "ada@acme.com"}, {"testLead": True})
    True
    """
    return any(flag(body, name) for body in bodies for name in _NAMES)
