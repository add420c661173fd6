"""HubSpot's tasks: upserted by a unique property, associated, and binned; it refuses as it does.

Shapes and refusals are those of recorded answers: unknown properties, a task without
`hs_timestamp`, a time or an owner that is none, more than a hundred at once.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lab.fakes.provider import ProviderRequest, Receipt

_MOST = 100
_ID = "mos_action_id"
NOT_UNIQUE = f"{_ID} unique"
_KNOWN = {
    "hs_timestamp", "hs_task_subject", "hs_task_body", "hs_task_type", "hs_task_priority",
    "hs_task_status", "hubspot_owner_id", _ID, "mos_decision_id", "mos_owner",
}  # fmt: skip
_CHOICES = {
    "hs_task_type": {"TODO", "CALL", "EMAIL"},
    "hs_task_priority": {"NONE", "LOW", "MEDIUM", "HIGH"},
    "hs_task_status": {"NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED"},
}
_UPSERT = re.compile(r"^/crm/objects/\d{4}-\d\d/tasks/batch/upsert$")
_ASSOCIATE = re.compile(
    r"^/crm/associations/\d{4}-\d\d/tasks/(contacts|companies|deals)/batch/associate/default$"
)
_ONE = re.compile(r"^/crm/objects/\d{4}-\d\d/tasks/(\d+)$")


def take_task_call(call: ProviderRequest) -> Receipt | None:
    """Answer a call about tasks; None where it is about anything else."""
    if call.method == "POST" and _UPSERT.match(call.path):
        return _upsert(_inputs(call), call.lacks)
    if call.method == "POST" and (found := _ASSOCIATE.match(call.path)):
        return _associate(found[1], _inputs(call))
    if call.method == "DELETE" and (found := _ONE.match(call.path)):
        return Receipt(204, {}, [_kept(found[1], "task put into the bin", {}, "binned")])
    return None


def _inputs(call: ProviderRequest) -> list[dict[str, Any]]:
    inputs = call.body.get("inputs") if isinstance(call.body, dict) else None
    return inputs if isinstance(inputs, list) else []


def _upsert(inputs: list[dict[str, Any]], lacks: frozenset[str]) -> Receipt:
    if not inputs or len(inputs) > _MOST:
        return _refuse(f"between 1 and {_MOST} inputs")
    results, kept = [], []
    for task in inputs:
        if task.get("idProperty") != _ID or not task.get("id"):
            return _refuse("idProperty must name a unique property, and id its value")
        properties = task.get("properties", {})
        if refusal := _find_refusal(properties, lacks):
            return refusal
        number = str(int(hashlib.sha256(task["id"].encode()).hexdigest()[:10], 16))
        results.append({"id": number, "properties": properties, "new": True})
        kept.append(_kept(number, properties.get("hs_task_subject", ""), properties, "task"))
    return Receipt(200, {"status": "COMPLETE", "results": results}, kept)


def _find_refusal(properties: Mapping[str, Any], lacks: frozenset[str]) -> Receipt | None:
    if NOT_UNIQUE in lacks:
        return _refuse(f"{_ID} is not a unique property")
    if unknown := sorted(set(properties) - (_KNOWN - lacks)):
        errors = [
            {
                "message": f'Property "{name}" does not exist',
                "code": "PROPERTY_DOESNT_EXIST",
                "context": {"propertyName": [name]},
            }
            for name in unknown
        ]
        return _refuse("Property values were not valid", errors=errors)
    if not properties.get("hs_timestamp"):
        said = "Error creating TASK. Some required properties were not set."
        return _refuse(said, context={"properties": ["hs_timestamp"]})
    wrong = [
        n
        for n, choices in _CHOICES.items()
        if properties.get(n, next(iter(choices))) not in choices
    ]
    if not _is_moment(str(properties["hs_timestamp"])):
        wrong.append("hs_timestamp")
    if not str(properties.get("hubspot_owner_id", "0")).isdigit():
        wrong.append("hubspot_owner_id")
    return _refuse(f"Property values were not valid: {', '.join(wrong)}") if wrong else None


def _is_moment(said: str) -> bool:
    if said.isdigit():
        return True
    try:
        return datetime.fromisoformat(said).tzinfo is not None
    except ValueError:
        return False


def _associate(kind: str, inputs: list[dict[str, Any]]) -> Receipt:
    pairs = [(str(one["from"]["id"]), str(one["to"]["id"])) for one in inputs]
    if not pairs or len(pairs) > _MOST or not all(a.isdigit() and b.isdigit() for a, b in pairs):
        return _refuse("ids are numbers, between 1 and 100 pairs")
    results = [{"from": {"id": a}, "to": {"id": b}} for a, b in pairs]
    kept = [_kept(a, f"task laid beside {kind} {b}", {}, "associated") for a, b in pairs]
    return Receipt(200, {"status": "COMPLETE", "results": results}, kept)


def _refuse(message: str, **more: Any) -> Receipt:  # noqa: ANN401  any JSON
    body = {"status": "error", "message": message, "category": "VALIDATION_ERROR"}
    return Receipt(400, body | more)


def _kept(number: str, subject: str, properties: Mapping[str, Any], what: str) -> dict[str, Any]:
    return {
        "channel": "hubspot_task",
        "what": what,
        "id": number,
        "to": properties.get("mos_owner", ""),
        "subject": subject,
        "body": properties.get("hs_task_body", ""),
        "due": properties.get("hs_timestamp", ""),
        "tags": {
            "action_id": properties.get(_ID, ""),
            "decision_id": properties.get("mos_decision_id", ""),
        },
    }
