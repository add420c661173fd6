"""A Meta custom audience: the person's hashed mailbox is added. A set, so twice is once.

Graph API, `/{audience}/users`; `policies/providers/meta.toml` says which of Meta's audiences a
name of ours is. What is hashed, and how, is Meta's: trimmed, small letters, SHA-256 in hex.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.action.channel import (
    Busy,
    Channel,
    ChannelProvider,
    Dedup,
    Message,
    ProviderAnswer,
    Refused,
    Sent,
    Unsure,
)
from functions.action.reading import MENDING, read_status, wait_for_mending
from mos.errors import RejectedError, UnavailableError
from mos.model.call import BearerAuthority, Call, CallReply
from mos.model.delivery import Delivery

_META = ChannelProvider("meta", "https://graph.facebook.com")
_VERSION = "v25.0"
_OK = 300
_WRONG = 100
_RATE, _PASSING = {4, 17, 32, 613, 80003}, {1, 2}
_TO_MEND = dict.fromkeys(
    (102, 190), "its token has ended; store another at /mos/<stage>/action/meta"
)
_TO_MEND |= dict.fromkeys((10, 200, 294), "the token may not change this audience")
_TO_MEND |= {2655: "the terms of its custom audiences wait to be accepted"}
_NO_AUDIENCE = {(803, None), (2650, None), (100, 33)}
"""By code and sub-code: the audience that was named is not there, or takes no hashes."""


def hashed(email: str) -> str:
    """Return Meta's form of a mailbox: trimmed, small letters, SHA-256 in hex. No dots are removed.

    >>> hashed(" Jane@Example.com ") == hashed("jane@example.com")
    True
    """
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def plan(message: Message) -> Call:
    """Return the call that adds the person to the audience.

    Raises:
        RejectedError: there is no mailbox, or nobody has said which audience the name is.
    """
    if not message.address:
        raise RejectedError("the person has no mailbox to hash")
    session = {
        "session_id": int.from_bytes(hashlib.sha256(message.action_id.encode()).digest()[:7]),
        "batch_seq": 1,
        "last_batch_flag": True,
    }
    return _call("POST", keep(message), {"session": session})


def keep(message: Message) -> Mapping[str, str]:
    """Return what taking somebody out again needs: the audience and the hash.

    Raises:
        RejectedError: as above.
    """
    named = message.params.get("audience", "")
    audience = message.settings.get(f"audience.{named}", "")
    if not audience.isdigit():
        raise RejectedError(f"say in providers/meta.toml which of Meta's audiences {named!r} is")
    return {"audience": audience, "hash": hashed(message.address or "")}


def read(reply: CallReply, now: datetime) -> ProviderAnswer:
    """Return what Meta says: by its code, whatever the status is."""
    told = _parse(reply)
    error = told.get("error")
    if not isinstance(error, dict):
        return _read_taken(told, reply, now)
    code = error.get("code")
    said = f"meta: error {code}"
    if code in _RATE:
        return Busy(said, reply.retry_at(now), whole=True)
    if (code, error.get("error_subcode") if code == _WRONG else None) in _NO_AUDIENCE:
        # This audience alone: the others take what is sent to them.
        return Busy(f"{said}: look at the audience in providers/meta.toml", now + MENDING)
    if code in _TO_MEND:
        return wait_for_mending(f"{said}: {_TO_MEND[code]}", now)
    if code in _PASSING or error.get("is_transient") is True:
        return Unsure(said)
    return Refused(said)


def undo(delivery: Delivery) -> Call:
    """Return the call that takes the person out of the audience again."""
    return _call("DELETE", delivery.handle, {})


def _read_taken(told: Mapping[str, Any], reply: CallReply, now: datetime) -> ProviderAnswer:
    found = read_status(_META.name, reply, now)
    if found is not None:
        return found
    if "num_received" not in told:
        return Unsure("meta's answer counts nobody")
    if told.get("num_invalid_entries"):
        return Refused("meta could not read the hash")
    return Sent(str(told.get("session_id") or told.get("audience_id") or ""))


def _call(method: str, kept: Mapping[str, str], extra: Mapping[str, object]) -> Call:
    payload = {"schema": ["EMAIL_SHA256"], "data": [[kept.get("hash", "")]]}
    path = f"/{_VERSION}/{kept.get('audience', '')}/users"
    kind = {"content-type": "application/json"}
    body = json.dumps({"payload": payload, **extra}).encode()
    return Call(_META.name, method, path, kind, body, BearerAuthority(f"action/{_META.name}"))


def _parse(reply: CallReply) -> dict[str, Any]:
    try:
        told = reply.read_json(_META.name)
    except UnavailableError:
        return {}
    return told if isinstance(told, dict) else {}


CHANNEL = Channel(
    provider=_META,
    plan=plan,
    read=read,
    keep=keep,
    undo=undo,
    dedup=Dedup.SET,
    per_second=5,
    counts_as="paid",
    remedy="remove them from the audience",
    sample=Message(
        action_id="act_000000000000", decision_id="dec_0", action="retarget",
        address="jane@bright-pay.example", owner=None, subject="", body="",
        due_at=datetime.fromisoformat("2026-01-31T09:00:00+00:00"),
        params={"audience": "mos_engaged"},
        settings={"audience.mos_engaged": "23860000000000489"},
    ),
)  # fmt: skip
