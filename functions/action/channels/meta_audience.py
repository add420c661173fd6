"""A Meta custom audience: the person's hashed mailbox is added. A set, so twice is once."""

import hashlib
from typing import Any

from functions.action.channel import Channel, ChannelProvider, Message, Tools
from mos.errors import RejectedError

_META = ChannelProvider("meta", "https://graph.facebook.com")


def hashed(email: str) -> str:
    """Return Meta's form of a mailbox: trimmed, lower-case, SHA-256 in hex. No dots are removed.

    >>> hashed(" Jane@Example.com ") == hashed("jane@example.com")
    True
    """
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def send(message: Message, tools: Tools) -> str:
    """Add the person to the audience and return Meta's session id."""
    if not message.address:
        raise RejectedError("the person has no mailbox to hash")
    payload = {
        "payload": {"schema": ["EMAIL_SHA256"], "data": [[hashed(message.address)]]},
        "session": {"session_id": int(message.action_id[-12:], 16), "batch_seq": 1,
                    "last_batch_flag": True},
    }  # fmt: skip
    headers = {"authorization": f"Bearer {tools.secret(_META)}"}
    path = f"/v25.0/{message.params['audience']}/users"
    reply: Any = tools.post(_META, path, headers, payload)
    return str(reply.get("session_id", message.action_id))


CHANNEL = Channel(
    send=send, dedups=True, per_second=5, provider=_META, undo="remove them from the audience"
)
