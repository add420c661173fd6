"""A task for a rep in HubSpot, upserted by our action id, so that twice is once.

HubSpot's CRM API of 2026-03: `tasks/batch/upsert` takes no associations, so a second call makes
them (`associations/task/…/batch/create`, a set). A task without `hs_timestamp` is refused.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from functions.action.channel import (
    Busy,
    Channel,
    ChannelProvider,
    Dedup,
    Message,
    ProviderAnswer,
    Refused,
    Search,
    Sent,
    Unsure,
)
from functions.action.hubspot_setup import setup_of
from functions.action.reading import read_status, wait_for_mending
from mos.errors import UnavailableError
from mos.model.call import BearerAuthority, Call, CallReply
from mos.model.delivery import Delivery

_HUBSPOT = ChannelProvider("hubspot", "https://api.hubapi.com")
_VERSION = "2026-03"
_TASKS = f"/crm/objects/{_VERSION}/tasks"
_KINDS = {"contact": "contacts", "company": "companies", "deal": "deals"}
"""What a task is associated with, and what HubSpot calls it."""
_OUR_ID, _MISSING = "mos_action_id", "OBJECT_NOT_FOUND"
_WRONG, _SERVERS, _BAD, _BUSY = 300, 500, 400, 429


def plan(message: Message) -> Call:
    """Return the call that makes or renews the task: due by its promise, with whom to reach."""
    reached = [f"Mailbox: {message.address}"] if message.address else []
    reached += [f"Telephone: {message.phone}"] if message.phone else []
    properties = {
        _OUR_ID: message.action_id,
        "mos_decision_id": message.decision_id,
        "mos_owner": message.owner or "",
        "hs_timestamp": message.due_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "hs_task_subject": message.subject,
        "hs_task_body": "\n".join([message.body, *reached]),
        "hs_task_type": "CALL" if message.action == "bdr_call" else "TODO",
        "hs_task_priority": "HIGH",
        "hs_task_status": "NOT_STARTED",
    }
    if owner := message.records.get("owner"):
        properties["hubspot_owner_id"] = owner
    one = {"idProperty": _OUR_ID, "id": message.action_id, "properties": properties}
    return _post(f"{_TASKS}/batch/upsert", {"inputs": [one]})


def follow(message: Message, provider_id: str) -> tuple[Call, ...]:
    """Return the calls that lay the task beside the contact, the company and the deal."""
    found = [(_KINDS[kind], message.records[kind]) for kind in _KINDS if kind in message.records]
    return tuple(
        _post(
            f"/crm/associations/{_VERSION}/tasks/{kind}/batch/associate/default",
            {"inputs": [{"from": {"id": provider_id}, "to": {"id": record}}]},
        )
        for kind, record in found
    )


def read(reply: CallReply, now: datetime) -> ProviderAnswer:
    """Return what HubSpot says of the one task that it was given."""
    told = _parse(reply)
    if reply.status == _BUSY:
        return _read_limit(told, reply, now)
    errors = [told] if reply.status == _BAD else list(told.get("errors") or ())
    if reply.status < _SERVERS and any(_lacks_property(error) for error in errors):
        return wait_for_mending(
            "HubSpot lacks a property of ours: `mos provider check hubspot` names it", now
        )
    if (found := read_status(_HUBSPOT.name, reply, now)) is not None:
        category = _word(told, "category")
        return Refused(f"{found.why} {category}") if isinstance(found, Refused) else found
    if results := told.get("results"):
        return Sent(str(results[0]["id"]))
    if errors:
        return Refused(f"hubspot: {_word(errors[0], 'category')}")
    return Unsure("hubspot's answer names no task")


def undo(delivery: Delivery) -> Call:
    """Return the call that puts the task into HubSpot's bin, from which it can be restored."""
    path = f"{_TASKS}/{quote(delivery.provider_id or '', safe='')}"
    return Call(_HUBSPOT.name, "DELETE", path, authority=_token())


def plan_search(delivery: Delivery) -> Call:
    """Return the call that asks which task has our action's id."""
    asked = {
        "idProperty": _OUR_ID,
        "inputs": [{"id": delivery.action_id}],
        "properties": [_OUR_ID],
        "propertiesWithHistory": [],
    }
    return _post(f"{_TASKS}/batch/read", asked)


def read_search(reply: CallReply, now: datetime) -> ProviderAnswer | None:
    """Return the task that was found; None where HubSpot says that it has none."""
    errors = _parse(reply).get("errors") or [{}]
    if reply.status < _WRONG and all(_word(e, "category") == _MISSING for e in errors):
        return None
    return read(reply, now)


def _read_limit(told: Mapping[str, Any], reply: CallReply, now: datetime) -> Busy:
    """Return until when HubSpot's own limit holds: its answer names it, and no time."""
    policy = _word(told, "policyName").upper()
    waits = {"DAILY": timedelta(hours=1), "TEN_SECONDLY_ROLLING": timedelta(seconds=10)}
    until = reply.retry_at(now) or now + waits.get(policy, timedelta(seconds=10))
    return Busy(f"hubspot: limit {policy or 'reached'}", until, whole=True)


def _lacks_property(error: Mapping[str, Any]) -> bool:
    return "PROPERTY_DOESNT_EXIST" in json.dumps(error)


def _word(told: Mapping[str, Any], name: str) -> str:
    said = str(told.get(name) or "")
    return said if said.replace("_", "").isalnum() else ""


def _parse(reply: CallReply) -> dict[str, Any]:
    try:
        told = reply.read_json(_HUBSPOT.name)
    except UnavailableError:
        return {}
    return told if isinstance(told, dict) else {}


def _post(path: str, body: object) -> Call:
    kind = {"content-type": "application/json"}
    return Call(_HUBSPOT.name, "POST", path, kind, json.dumps(body).encode(), _token())


def _token() -> BearerAuthority:
    return BearerAuthority(f"action/{_HUBSPOT.name}")


CHANNEL = Channel(
    provider=_HUBSPOT,
    plan=plan,
    read=read,
    follow=follow,
    undo=undo,
    find=Search(plan_search, read_search),
    dedup=Dedup.KEY,
    per_second=19,
    counts_as="human",
    brings=("task_rejected",),
    receipts=("task.accepted", "task.rejected", "task.completed"),
    patience=timedelta(days=5),
    speaks_by_own_id=True,
    setup=setup_of(_HUBSPOT.name),
    remedy="look at the task: close it, or give it to the right person",
    sample=Message(
        action_id="act_0", decision_id="dec_0", action="ae_handoff",
        address="jane@bright-pay.example", owner="ae-olsen", subject="Take over: Bright Pay",
        body="Jane asked for a demonstration.", phone="+442079460000",
        due_at=datetime.fromisoformat("2026-01-31T09:00:00+00:00"),
        records={"contact": "101", "company": "77", "owner": "88800101"},
    ),
)  # fmt: skip
