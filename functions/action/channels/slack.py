"""A message in Slack, to an owner or a channel, with buttons that take it or give it back.

Slack takes no key: a message whose answer was lost is never posted again, a pressed button tells.
chat.postMessage and chat.delete of its Web API; a refusal is `ok: false`, whatever the status is.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
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
from functions.action.preflight import Preflight
from functions.action.reading import MENDING, read_status, wait_for_mending
from functions.action.setup import Part, PartFound, PartState
from mos.errors import RejectedError, UnavailableError
from mos.model.call import BearerAuthority, Call, CallReply
from mos.model.delivery import Delivery

_SLACK = ChannelProvider("slack", "https://slack.com/api")
_USUAL, _SCOPE = "channel.default", "chat:write"
_MOST_TEXT, _WRONG = 2900, 300
_RATE = {"ratelimited", "rate_limited"}
_TOKEN = {"invalid_auth", "not_authed", "token_expired", "token_revoked", "account_inactive"}
_PLACE = {
    "not_in_channel": "invite the app to the channel",
    "channel_not_found": "look at the channel in providers/slack.toml, or at the owner's id",
    "is_archived": "the channel is archived: name another in providers/slack.toml",
    "restricted_action": "whoever runs the workspace lets the app post there",
}
_NOBODY_KNOWS = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}
_GONE = "message_not_found"


def plan(message: Message) -> Call:
    """Return the call that posts the message, to its owner's Slack id or else to a channel.

    Raises:
        RejectedError: neither is named.
    """
    place = _find_place(message)
    if not place:
        raise RejectedError("name channel.default in providers/slack.toml, or the owner's Slack id")
    said = {"action_id": message.action_id, "decision_id": message.decision_id}
    body = {
        "channel": place,
        "text": _escape(message.subject or message.body)[:_MOST_TEXT],
        "blocks": _lay_out(message),
        "metadata": {"event_type": "mos_decision", "event_payload": said},
        "unfurl_links": False,
    }
    return _post("/chat.postMessage", body)


def _find_place(message: Message) -> str:
    named = message.params.get("channel")
    if named:
        return message.settings.get(f"channel.{named}", "")
    return message.records.get("owner") or message.settings.get(_USUAL, "")


def _lay_out(message: Message) -> list[dict[str, Any]]:
    due = message.due_at.isoformat(timespec="minutes").replace("+00:00", "Z")
    title = f"*{_escape(message.subject)}*\n" if message.subject else ""
    text = f"{title}{_escape(message.body)}"[:_MOST_TEXT]
    why = {"type": "plain_text_input", "action_id": "mos_why", "max_length": 500}
    note = f"Due {due}. `mos why {message.decision_id}` says why."
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {
            "type": "input",
            "block_id": "mos_reason",
            "optional": True,
            "label": {"type": "plain_text", "text": "Why you give it back"},
            "element": why,
        },
        {
            "type": "actions",
            "block_id": "mos_answer",
            "elements": [
                _button("mos_accept", "Accept", message, style="primary"),
                _button("mos_reject", "Give back", message),
            ],
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": note}]},
    ]


def _button(name: str, text: str, message: Message, **more: str) -> dict[str, Any]:
    said = {"type": "plain_text", "text": text}
    return {"type": "button", "action_id": name, "text": said, "value": message.action_id, **more}


def _escape(text: str) -> str:
    """Return a text that mentions nobody and links nowhere.

    >>> _escape("<!channel> a & b")
    '&lt;!channel&gt; a &amp; b'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").strip()


def read(reply: CallReply, now: datetime) -> ProviderAnswer:
    """Return what Slack says, by its error."""
    told = _parse(reply)
    error = str(told.get("error") or "")
    if reply.status < _WRONG and not error:
        return _read_taken(told)
    said = f"slack: {error}" if error.replace("_", "").isalnum() else "slack refused it"
    if error in _RATE:
        return Busy(said, reply.retry_at(now))
    if error in _TOKEN:
        return wait_for_mending(f"{said}: store a bot's token at /mos/<stage>/action/slack", now)
    if error == "missing_scope":
        needed = str(told.get("needed") or "")[:60]
        return wait_for_mending(f"{said}: whoever runs the app gives it {needed}", now)
    if error in _PLACE:
        # This place alone: the others take what is sent to them.
        return Busy(f"{said}: {_PLACE[error]}", now + MENDING)
    return _read_rest(error, said, reply, now)


def _read_rest(error: str, said: str, reply: CallReply, now: datetime) -> ProviderAnswer:
    if error == _GONE:
        return Sent("", said)
    if error in _NOBODY_KNOWS:
        return Unsure(said)
    if (found := read_status(_SLACK.name, reply, now)) is not None:
        return found
    return Refused(said)


def _read_taken(told: Mapping[str, Any]) -> ProviderAnswer:
    place, at = told.get("channel"), told.get("ts")
    if told.get("ok") is True and isinstance(place, str) and isinstance(at, str):
        return Sent(f"{place}/{at}", str(told.get("warning") or ""))
    return Unsure("slack's answer names no message")


def undo(delivery: Delivery) -> Call:
    """Return the call that deletes the message."""
    place, _, at = (delivery.provider_id or "").partition("/")
    return _post("/chat.delete", {"channel": place, "ts": at})


def plan_check(_place: Mapping[str, str]) -> Mapping[str, Call]:
    """Return the call that asks Slack who we are there, and what we may do."""
    return {"auth": replace(_post("/auth.test", {}), only_reads=True)}


def read_check(_place: Mapping[str, str], found: Mapping[str, CallReply]) -> tuple[PartFound, ...]:
    """Return whether the token opens the workspace, and may post there."""
    reply = found.get("auth", CallReply(404))
    told = _parse(reply)
    is_open = told.get("ok") is True
    who = f"{told.get('user')} in {told.get('team')}" if is_open else ""
    scopes = [one.strip() for one in reply.headers.get("x-oauth-scopes", "").split(",")]
    token = Part("token", "It opens the workspace for the app's bot.")
    scope = Part(_SCOPE, "Without it nothing can be posted.")
    again = f"whoever runs the app gives it {_SCOPE} and installs it again"
    store = "whoever runs this stage stores a bot's token at /mos/<stage>/action/slack"
    return (
        PartFound(token, PartState.THERE if is_open else PartState.WRONG, who or store),
        PartFound(
            scope,
            PartState.THERE if _SCOPE in scopes else PartState.MISSING,
            "" if _SCOPE in scopes else again,
        ),
    )


def _parse(reply: CallReply) -> dict[str, Any]:
    try:
        told = reply.read_json(_SLACK.name)
    except UnavailableError:
        return {}
    return told if isinstance(told, dict) else {}


def _post(path: str, body: Mapping[str, Any]) -> Call:
    kind = {"content-type": "application/json; charset=utf-8"}
    authority = BearerAuthority(f"action/{_SLACK.name}")
    return Call(_SLACK.name, "POST", path, kind, json.dumps(body).encode(), authority)


CHANNEL = Channel(
    provider=_SLACK,
    plan=plan,
    read=read,
    undo=undo,
    dedup=Dedup.RECEIPT,
    needs=(_USUAL,),
    per_second=1,
    counts_as="human",
    receipts=("task.accepted", "task.rejected"),
    speaks_by_own_id=True,
    setup=Preflight(plan_check, read_check),
    remedy="delete the message in Slack",
    sample=Message(
        action_id="act_0", decision_id="dec_0", action="owner_alert", address=None,
        owner="ae-olsen", subject="Bright Pay is back", body="Jane has read about security.",
        due_at=datetime.fromisoformat("2026-01-31T09:00:00+00:00"),
        records={"owner": "U0OLSEN001"}, settings={"channel.default": "C0ZZZ00001"},
    ),
)  # fmt: skip
