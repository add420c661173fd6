"""A task for a rep in Salesforce, upserted by our action id, so that twice is once.

REST API, `sobjects/Task/MOS_Action_Id__c/<action>`: an administrator makes that external id, and
`MOS_Decision_Id__c`, once on Activity. A version of the API that was retired answers 410; an
external id that two tasks have answers 300, and nothing was written.
"""

import json
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
from functions.action.reading import halt, read_status, wait_for_mending
from mos.errors import UnavailableError
from mos.model.call import Call, CallReply, OAuthAuthority
from mos.model.delivery import Delivery

_SALESFORCE = ChannelProvider("salesforce", "")
_VERSION, _KEY, _WHY = "v68.0", "MOS_Action_Id__c", "MOS_Decision_Id__c"
_AUDIENCE = "https://login.salesforce.com"
_ADMIN = "whoever administers Salesforce"
_TWO, _RETIRED, _MISSING = 300, 410, 404
_FIELDS = {"INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE", "NOT_FOUND"}
_LIMITS = {"REQUEST_LIMIT_EXCEEDED": timedelta(hours=1), "UNABLE_TO_LOCK_ROW": timedelta(seconds=5)}
_MOST_SUBJECT = 255


def plan(message: Message) -> Call:
    """Return the call that makes or renews the task: due by its promise, with whom to reach."""
    reached = [f"Mailbox: {message.address}"] if message.address else []
    reached += [f"Telephone: {message.phone}"] if message.phone else []
    records = message.records
    fields = {
        _WHY: message.decision_id,
        "Subject": message.subject[:_MOST_SUBJECT],
        "Description": "\n".join([message.body, *reached]),
        "ActivityDate": message.due_at.date().isoformat(),
        "Priority": "High",
        "Status": "Not Started",
        "OwnerId": records.get("owner"),
        "WhoId": records.get("contact"),
        "WhatId": records.get("deal") or records.get("company"),
    }
    body = {name: value for name, value in fields.items() if value}
    version = message.settings.get("version", _VERSION)
    return _call("PATCH", version, message.action_id, body, message.settings.get("audience"))


def undo(delivery: Delivery) -> Call:
    """Return the call that puts the task into the bin, from which it can be restored."""
    kept = delivery.handle
    version = max(kept.get("version", ""), _VERSION)
    return _call("DELETE", version, delivery.action_id, None, kept.get("audience"))


def keep(message: Message) -> dict[str, str]:
    """Return what undoing needs beside the action: where tokens are asked for."""
    said = message.settings
    return {"version": said.get("version", _VERSION), "audience": said.get("audience", _AUDIENCE)}


def read(reply: CallReply, now: datetime) -> ProviderAnswer:
    """Return what Salesforce says of the one task, by its status and its error code."""
    errors = _read_errors(reply)
    said = f"salesforce: {errors[0]}" if errors else f"salesforce answered {reply.status}"
    if reply.status == _TWO:
        return Refused(f"salesforce: two tasks have our action's id: {_ADMIN} deletes one")
    if reply.status == _RETIRED:
        why = f"{_ADMIN} has providers/salesforce.toml name another"
        return halt(f"salesforce: it has retired our version (410): {why}", now)
    if limit := next((_LIMITS[one] for one in errors if one in _LIMITS), None):
        until = reply.retry_at(now) or now + limit
        return Busy(said, until, whole=limit >= timedelta(minutes=1))
    if reply.status == _MISSING or _FIELDS & set(errors):
        why = f"{_ADMIN} makes {_KEY} (external id) and {_WHY} on Activity, and lets us write them"
        return wait_for_mending(f"{said}: {why}", now)
    if (found := read_status(_SALESFORCE.name, reply, now)) is not None:
        return Refused(said) if isinstance(found, Refused) else found
    return _read_taken(reply, said)


def _read_taken(reply: CallReply, said: str) -> ProviderAnswer:
    if not reply.body:
        return Sent("", f"answered {reply.status}")
    told = _parse(reply)
    if not isinstance(told, dict) or told.get("success") is not True:
        is_refusal = isinstance(told, dict) and told.get("success") is False
        return Refused(said) if is_refusal else Unsure("salesforce's answer names no task")
    return Sent(str(told.get("id") or ""), "" if told.get("created", True) else "renewed")


def _read_errors(reply: CallReply) -> list[str]:
    """Return the codes of errors: they stand in a list, in an object, or beside `success`."""
    told = _parse(reply)
    listed = told if isinstance(told, list) else [told]
    if isinstance(told, dict) and isinstance(told.get("errors"), list):
        listed = told["errors"]
    codes = [str(one.get("errorCode") or one.get("statusCode") or "")
             for one in listed if isinstance(one, dict)]  # fmt: skip
    return [code for code in codes if code.replace("_", "").isalnum()]


def _parse(reply: CallReply) -> Any:  # noqa: ANN401  any JSON
    try:
        return reply.read_json(_SALESFORCE.name)
    except UnavailableError:
        return {}


def _call(method: str, version: str, action_id: str, body: object, audience: str | None) -> Call:
    path = f"/services/data/{version}/sobjects/Task/{_KEY}/{action_id}"
    authority = OAuthAuthority(
        f"action/{_SALESFORCE.name}", "/services/oauth2/token", audience=audience or _AUDIENCE
    )
    kind = {"content-type": "application/json"}
    raw = None if body is None else json.dumps(body).encode()
    return Call(_SALESFORCE.name, method, path, kind, raw, authority)


CHANNEL = Channel(
    provider=_SALESFORCE,
    plan=plan,
    read=read,
    keep=keep,
    undo=undo,
    dedup=Dedup.KEY,
    per_second=10,
    counts_as="human",
    remedy="look at the task: close it, or give it to the right person",
    sample=Message(
        action_id="act_0", decision_id="dec_0", action="ae_handoff",
        address="jane@bright-pay.example", owner="ae-olsen", subject="Take over: Bright Pay",
        body="Jane asked for a demonstration.", phone="+442079460000",
        due_at=datetime.fromisoformat("2026-01-31T09:00:00+00:00"),
        records={"contact": "0035g00000AbCdEfGH", "owner": "005000000000001AAA",
                 "company": "0015g00000AbCdEfGH"},
    ),
)  # fmt: skip
