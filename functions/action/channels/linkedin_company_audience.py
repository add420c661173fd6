"""A DMP segment of companies at LinkedIn: the account's domain is streamed in and out. A set.

Nobody is named and nothing is hashed: LinkedIn shows ads to whoever works there.
"""

from collections.abc import Mapping
from dataclasses import replace

from functions.action.channel import Message
from functions.action.channels.linkedin_audience import CHANNEL as BY_PERSON
from functions.action.channels.linkedin_audience import find_segment, renew, stream
from mos.errors import RejectedError
from mos.model.call import Call
from mos.model.delivery import Delivery


def plan(message: Message) -> Call:
    """Return the call that adds the company to the segment.

    Raises:
        RejectedError: the account has no domain, or nobody has said which segment the name is.
    """
    return _stream("ADD", keep(message))


def keep(message: Message) -> Mapping[str, str]:
    """Return what taking the company out again needs.

    Raises:
        RejectedError: as above.
    """
    if not message.domain:
        raise RejectedError("nobody knows the company's domain")
    return find_segment(message) | {"domain": message.domain}


def undo(delivery: Delivery) -> Call:
    """Return the call that takes the company out of the segment again."""
    return _stream("REMOVE", renew(delivery.handle))


def _stream(action: str, kept: Mapping[str, str]) -> Call:
    element = {"action": action, "companyWebsiteDomain": kept.get("domain", "")}
    return stream("companies", element, kept)


CHANNEL = replace(
    BY_PERSON,
    plan=plan,
    keep=keep,
    undo=undo,
    needs=("audience.mos_accounts",),
    remedy="remove the company from the segment",
    sample=replace(
        BY_PERSON.sample,
        address=None,
        domain="bright-pay.example",
        params={"audience": "mos_accounts"},
        settings={"audience.mos_accounts": "987000322", "version": "202610"},
    ),
)
