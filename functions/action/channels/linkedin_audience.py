"""A DMP segment at LinkedIn: the person's hashed mailbox is streamed in and out. A set.

LinkedIn's form of a mailbox: trimmed, small letters, SHA-256 in hex. Its API's version dies a year
after its month: it stands in `providers/linkedin.toml`, and 426 stops the channel.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
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
from functions.action.reading import MENDING, halt, read_status, wait_for_mending
from mos.errors import RejectedError, UnavailableError
from mos.model.call import BearerAuthority, Call, CallReply
from mos.model.delivery import Delivery

_LINKEDIN = ChannelProvider("linkedin", "https://api.linkedin.com")
_PAGE = "providers/linkedin.toml"
_NEWEST = "202610"
"""The version in which this was written: what was put in long ago is taken out in it."""
_OK, _LOCKED, _MISSING, _DEAD, _BUSY, _BROKEN = range(200, 300), 403, 404, 426, 429, 500


def hashed(email: str) -> str:
    """Return LinkedIn's form of a mailbox: trimmed, small letters, SHA-256 in hex.

    >>> hashed(" Jane@Example.com ") == hashed("jane@example.com") != hashed("jane+1@example.com")
    True
    """
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def plan(message: Message) -> Call:
    """Return the call that adds the person to the segment.

    Raises:
        RejectedError: there is no mailbox, or nobody has said which segment the name is.
    """
    return _stream_user("ADD", keep(message))


def keep(message: Message) -> Mapping[str, str]:
    """Return what taking somebody out again needs: the segment, the hash, and the API's version.

    Raises:
        RejectedError: as above.
    """
    if not message.address:
        raise RejectedError("the person has no mailbox to hash")
    return find_segment(message) | {"hash": hashed(message.address)}


def find_segment(message: Message) -> dict[str, str]:
    """Return LinkedIn's number of the segment that a treatment names, and the API's version.

    Raises:
        RejectedError: nobody has said which segment it is.
    """
    named = message.params.get("audience", "")
    segment = message.settings.get(f"audience.{named}", "")
    if not segment.isdigit():
        raise RejectedError(f"say in {_PAGE} which of LinkedIn's segments {named!r} is")
    return {"segment": segment, "version": message.settings.get("version", _NEWEST)}


def undo(delivery: Delivery) -> Call:
    """Return the call that takes the person out of the segment again."""
    return _stream_user("REMOVE", renew(delivery.handle))


def renew(kept: Mapping[str, str]) -> Mapping[str, str]:
    """Return what was kept, in a version that lives: that of then may have died since.

    >>> renew({"version": "202401"})["version"] >= "202610"
    True
    """
    return {**kept, "version": max(kept.get("version", ""), _NEWEST)}


def _stream_user(action: str, kept: Mapping[str, str]) -> Call:
    user = {"idType": "SHA256_EMAIL", "idValue": kept.get("hash", "")}
    return stream("users", {"action": action, "userIds": [user]}, kept)


def stream(kind: str, element: Mapping[str, Any], kept: Mapping[str, str]) -> Call:
    """Return the call that streams one element of a kind into a segment."""
    headers = {
        "content-type": "application/json",
        "linkedin-version": kept.get("version", ""),
        "x-restli-protocol-version": "2.0.0",
        "x-restli-method": "BATCH_CREATE",
    }
    path = f"/rest/dmpSegments/{kept.get('segment', '')}/{kind}"
    body = json.dumps({"elements": [element]}).encode()
    return Call(
        _LINKEDIN.name, "POST", path, headers, body, BearerAuthority(f"action/{_LINKEDIN.name}")
    )


def read(reply: CallReply, now: datetime) -> ProviderAnswer:
    """Return what LinkedIn says: by the status, and of the one element by its place."""
    told = _parse(reply)
    if reply.status == _DEAD:
        why = f"LinkedIn has switched our version off (426): who keeps {_PAGE} names a newer one"
        return halt(why, now)
    if reply.status == _BUSY or _is_throttled_within(told):
        return _read_limit(told, reply, now)
    if reply.status == _LOCKED:
        why = "whoever runs its app at LinkedIn gets rw_dmp_segments and a role in the ad account"
        return wait_for_mending(f"linkedin answered 403: {why}", now)
    if reply.status == _MISSING:
        # This segment alone: the others take what is sent to them.
        return Busy(f"linkedin has no such segment: look at {_PAGE}", now + MENDING)
    if (found := read_status(_LINKEDIN.name, reply, now)) is not None:
        return found
    return _read_element(told, reply, now)


def _read_element(told: Mapping[str, Any], reply: CallReply, now: datetime) -> ProviderAnswer:
    elements = told.get("elements")
    if not isinstance(elements, list) or not elements:
        return Unsure("linkedin's answer names no element")
    status = elements[0].get("status")
    if status in _OK:
        return Sent("", f"streamed: {status}")
    if status == _BUSY:
        return Busy("linkedin: the element was throttled", reply.retry_at(now))
    if isinstance(status, int) and status < _BROKEN:
        return Refused(f"linkedin refused the element: {status}")
    return Unsure(f"linkedin: {status} of the element")


def _read_limit(told: Mapping[str, Any], reply: CallReply, now: datetime) -> Busy:
    """Return until when a limit holds: a day's until midnight (UTC), for all that LinkedIn gets."""
    is_days = " DAY " in f" {told.get('message', '')} "
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    until = reply.retry_at(now) or (midnight if is_days else now + timedelta(minutes=1))
    return Busy(f"linkedin: its {'day' if is_days else 'minute'}'s limit", until, whole=is_days)


def _is_throttled_within(told: Mapping[str, Any]) -> bool:
    """Say whether a 200 holds a throttled answer: LinkedIn marks its name with a `!`."""
    marked = [one for name, one in told.items() if name.endswith("!")]
    nested = [one for one in told.values() if isinstance(one, dict)]
    marked += [one for inner in nested for name, one in inner.items() if name.endswith("!")]
    return any(isinstance(one, dict) and one.get("status") == _BUSY for one in marked)


def _parse(reply: CallReply) -> dict[str, Any]:
    try:
        told = reply.read_json(_LINKEDIN.name)
    except UnavailableError:
        return {}
    return told if isinstance(told, dict) else {}


CHANNEL = Channel(
    provider=_LINKEDIN,
    plan=plan,
    read=read,
    keep=keep,
    undo=undo,
    # A segment that is not there has let nobody out.
    undone_by=(204,),
    dedup=Dedup.SET,
    needs=("audience.mos_engaged",),
    per_second=5,
    counts_as="paid",
    remedy="remove them from the segment",
    sample=Message(
        action_id="act_0", decision_id="dec_0", action="linkedin_retarget",
        address="jane@bright-pay.example", owner=None, subject="", body="",
        due_at=datetime.fromisoformat("2026-01-31T09:00:00+00:00"),
        params={"audience": "mos_engaged"},
        settings={"audience.mos_engaged": "987000321", "version": "202610"},
    ),
)  # fmt: skip
