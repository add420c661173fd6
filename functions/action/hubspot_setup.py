"""The properties of ours that a HubSpot portal needs on tasks: read and made over its own API."""

import json
from collections.abc import Mapping
from typing import Any

from functions.action.setup import Part, Setup
from mos.model.call import BearerAuthority, Call, CallReply

_PROPERTIES = "/crm/properties/2026-03/tasks"
_ID, _USUAL_GROUP = "mos_action_id", "task"
_BESIDE = "hs_task_subject"
"""A property that every portal has: ours stand in its group."""
_LABELS = {
    _ID: "Marketing OS: action",
    "mos_decision_id": "Marketing OS: decision",
    "mos_owner": "Marketing OS: rep",
    "mos_reject_reason": "Marketing OS: why it is given back",
}
_NOT_UNIQUE = (
    "its values need not be unique, and HubSpot can't change that: whoever administers the portal "
    "must delete it, then `--create` makes it again"
)
_NO_TEXT = "it is no text: whoever administers the portal must delete it"


def setup_of(provider: str) -> Setup:
    """Return what a portal must have on tasks; `provider` names whose token opens it."""
    token = BearerAuthority(f"action/{provider}")

    def make(part: Part, reply: CallReply) -> Call:
        body = {
            "name": part.name,
            "label": _LABELS[part.name],
            "description": part.why,
            "groupName": _find_group(reply),
            "type": "string",
            "fieldType": "text",
            "hasUniqueValue": part.name == _ID,
        }
        kind = {"content-type": "application/json"}
        return Call(provider, "POST", _PROPERTIES, kind, json.dumps(body).encode(), token)

    return Setup(_PARTS, Call(provider, "GET", _PROPERTIES, authority=token), _read, make)


def _read(reply: CallReply) -> Mapping[str, str]:
    """Return which of our properties are there, each with what is wrong with it."""
    return {
        str(one["name"]): _find_fault(one) for one in _list(reply) if one.get("name") in _LABELS
    }


def _find_fault(one: Mapping[str, Any]) -> str:
    if one.get("type") != "string":
        return _NO_TEXT
    return _NOT_UNIQUE if one["name"] == _ID and one.get("hasUniqueValue") is not True else ""


def _find_group(reply: CallReply) -> str:
    groups = (one.get("groupName") for one in _list(reply) if one.get("name") == _BESIDE)
    return str(next(groups, None) or _USUAL_GROUP)


def _list(reply: CallReply) -> list[Mapping[str, Any]]:
    told = reply.read_json("")
    results = told.get("results") if isinstance(told, dict) else None
    return [one for one in results or () if isinstance(one, dict)]


_PARTS = (
    Part(_ID, "By it the same action twice is one task."),
    Part("mos_decision_id", "Which decision asked for the task."),
    Part("mos_owner", "Which rep it is for, as our policy calls them."),
    Part("mos_reject_reason", "Where a rep may say why they give a task back.", is_needed=False),
)
