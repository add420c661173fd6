"""A signed message to the company's own systems, in the form of Standard Webhooks.

In-app messages, and whatever else its own product or tools do when they hear of a decision. Its
receiver takes the same `webhook-id` for one, however often it comes; a second message, of the same
type and `.recalled`, says that it is to be taken back. Where the receiver is, the stage's settings
say; `policies/providers/receiver.toml` names its path.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.action.channel import (
    Channel,
    ChannelProvider,
    Dedup,
    Message,
    ProviderAnswer,
    Sent,
)
from functions.action.reading import halt, read_status, wait_for_mending
from mos.errors import RejectedError
from mos.model.call import Call, CallReply, WebhookAuthority
from mos.model.delivery import Delivery

_RECEIVER = ChannelProvider("receiver", "")
_USUAL, _RECALLED = "message.due", "recalled"
_GONE, _MISSING, _REDIRECTS = 410, 404, range(300, 400)
_OWNER = "whoever runs the receiver"


def plan(message: Message) -> Call:
    """Return the call that tells the receiver what to show, do or pass on, and about whom.

    Raises:
        RejectedError: it is for a user of the product, and the person is none that is known.
    """
    user = message.records.get("user")
    if message.params.get("to") == "user" and not user:
        raise RejectedError("the person has no user id: nobody in the product can be shown it")
    body = {
        "type": _read_type(message),
        "timestamp": _write_moment(message.decided_at or message.due_at),
        "data": {
            "action_id": message.action_id,
            "decision_id": message.decision_id,
            "action": message.action,
            "user": user,
            "company": message.domain,
            "owner": message.owner,
            "subject": message.subject,
            "body": message.body,
            "due_at": _write_moment(message.due_at),
        },
    }
    return _post(_read_path(message.settings), body, message.action_id)


def keep(message: Message) -> Mapping[str, str]:
    """Return what taking it back needs: where it went, and as what."""
    return {"path": _read_path(message.settings), "type": _read_type(message)}


def read(reply: CallReply, now: datetime) -> ProviderAnswer:
    """Return what the receiver says: anything but 2xx is a message that it does not have.

    A receiver that is gone (410) has been switched off for good: the channel is paused.
    """
    if reply.status == _GONE:
        why = f"the receiver is gone (410): {_OWNER} says in own_urls where it is now"
        return halt(why, now)
    if reply.status == _MISSING:
        return wait_for_mending(f"no receiver at its path (404): {_OWNER} mends the path", now)
    if reply.status in _REDIRECTS:
        why = "redirects are not followed: own_urls must name where the receiver is"
        return wait_for_mending(f"receiver answered {reply.status}: {why}", now)
    return read_status(_RECEIVER.name, reply, now) or Sent("", f"answered {reply.status}")


def undo(delivery: Delivery) -> Call:
    """Return the call that tells the receiver to take it back."""
    kept = delivery.handle
    body = {
        "type": f"{kept.get('type', _USUAL)}.{_RECALLED}",
        "timestamp": _write_moment(delivery.at),
        "data": {"action_id": delivery.action_id, "decision_id": delivery.decision_id},
    }
    return _post(kept.get("path", "/"), body, f"{delivery.action_id}_{_RECALLED}")


def _read_type(message: Message) -> str:
    return message.params.get("event") or _USUAL


def _read_path(settings: Mapping[str, str]) -> str:
    path = settings.get("path", "/")
    return path if path.startswith("/") else f"/{path}"


def _write_moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _post(path: str, body: Mapping[str, Any], message_id: str) -> Call:
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    authority = WebhookAuthority(f"action/{_RECEIVER.name}", message_id)
    kind = {"content-type": "application/json", "user-agent": "mos-webhooks/1"}
    return Call(_RECEIVER.name, "POST", path, kind, raw, authority)


CHANNEL = Channel(
    provider=_RECEIVER,
    plan=plan,
    read=read,
    keep=keep,
    undo=undo,
    # A path that is not there has taken nothing back.
    undone_by=(204,),
    dedup=Dedup.KEY,
    per_second=20,
    counts_as="owned",
    remedy="ask whoever runs the receiver to take it down",
    sample=Message(
        action_id="act_0", decision_id="dec_0", action="in_app_tour", address=None, owner=None,
        subject="See who has changed what", body="The audit log is under Settings.",
        due_at=datetime.fromisoformat("2026-01-31T09:00:00+00:00"),
        params={"event": "tour.due", "to": "user"}, settings={"path": "/hooks/mos"},
        records={"user": "u-17"}, domain="bright-pay.example",
        decided_at=datetime.fromisoformat("2026-01-30T09:00:00+00:00"),
    ),
)  # fmt: skip
