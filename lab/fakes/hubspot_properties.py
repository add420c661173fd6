"""HubSpot's properties of tasks: listed, and made once each; it refuses as it does.

A portal has ours, unless it was told to lack some: `mos_owner`, or `mos_action_id unique` for one
whose values need not be unique.
"""

import re
from typing import Any

from lab.fakes.hubspot_task_rules import NOT_UNIQUE, refuse
from lab.fakes.provider import ProviderRequest, Receipt

_PATH = re.compile(r"^/crm/properties/\d{4}-\d\d/tasks$")
_ID, _GROUP = "mos_action_id", "task"
_OURS = (_ID, "mos_decision_id", "mos_owner", "mos_reject_reason")
_THEIRS = ("hs_task_subject", "hs_task_body", "hs_task_status", "hs_timestamp")
_FIELDS = {"string": {"text", "textarea"}, "number": {"number"}, "date": {"date"}}
_NAME = re.compile(r"^[a-z][a-z0-9_]{0,99}$")


def take_property_call(call: ProviderRequest) -> Receipt | None:
    """Answer a call about properties of tasks; None where it is about anything else."""
    if not _PATH.match(call.path):
        return None
    if call.method == "GET":
        return Receipt(200, {"results": [_show(name, call.lacks) for name in _list(call)]})
    return _make(call) if call.method == "POST" else None


def _list(call: ProviderRequest) -> list[str]:
    return [*_THEIRS, *(name for name in _OURS if name not in call.lacks)]


def _show(name: str, lacks: frozenset[str]) -> dict[str, Any]:
    return {
        "name": name,
        "label": name,
        "type": "datetime" if name == "hs_timestamp" else "string",
        "fieldType": "text",
        "groupName": _GROUP,
        "hasUniqueValue": name == _ID and NOT_UNIQUE not in lacks,
        "hubspotDefined": name in _THEIRS,
    }


def _make(call: ProviderRequest) -> Receipt:
    said = call.body
    name = str(said.get("name", ""))
    if name in _list(call):
        taken = f'A property named "{name}" already exists'
        return refuse(taken, 409, "OBJECT_ALREADY_EXISTS")
    if missing := [
        n for n in ("name", "label", "type", "fieldType", "groupName") if not said.get(n)
    ]:
        return refuse(f"Some required fields were not set: {', '.join(missing)}")
    if not _NAME.match(name) or said["fieldType"] not in _FIELDS.get(said["type"], set()):
        return refuse("Property was not valid")
    if said["groupName"] != _GROUP:
        return refuse(f'Group "{said["groupName"]}" does not exist')
    unique = {NOT_UNIQUE} if name == _ID and said.get("hasUniqueValue") is True else set[str]()
    kept = {"channel": "hubspot_property", "what": "property made", "id": name, "to": "",
            "subject": said["label"], "body": "", "tags": {}}  # fmt: skip
    return Receipt(201, said, [kept], made=frozenset({name} | unique))
