"""Salesforce's tasks, upserted and deleted by an external id; it refuses as it does.

`MOS_Action_Id__c` is what the organization may lack, `version` what it has retired; `one task`
says that two of them have the same external id.
"""

import hashlib
import re
from typing import Any

from lab.fakes.provider import ProviderRequest, Receipt

_PATH = re.compile(r"^/services/data/(v\d+\.0)/sobjects/Task/MOS_Action_Id__c/([\w-]+)$")
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_KNOWN = {"Subject", "Description", "ActivityDate", "Priority", "Status", "OwnerId", "WhoId",
          "WhatId", "MOS_Decision_Id__c"}  # fmt: skip
_REFERENCES = ("OwnerId", "WhoId", "WhatId")
_MOST_SUBJECT = 255


def take_task(call: ProviderRequest) -> Receipt | None:
    """Answer a call about a task; None where it is about anything else."""
    found = _PATH.match(call.path)
    if not found or call.method not in ("PATCH", "DELETE"):
        return None
    tasks: dict[str, Any] = call.memory.setdefault("tasks", {})
    if (refusal := _find_refusal(call)) is not None:
        return refusal
    return _delete(found[2], tasks) if call.method == "DELETE" else _upsert(call, found[2], tasks)


def _find_refusal(call: ProviderRequest) -> Receipt | None:
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return _refuse(401, "INVALID_SESSION_ID", "Session expired or invalid")
    if "version" in call.lacks:
        return _refuse(410, "GONE", "the requested version is retired")
    if "MOS_Action_Id__c" in call.lacks:
        return _refuse(404, "NOT_FOUND", "Provided external ID field does not exist")
    if "one task" in call.lacks:
        return Receipt(300, ["/services/data/v68.0/sobjects/Task/00T1", "…/00T2"])
    return None


def _upsert(call: ProviderRequest, key: str, tasks: dict[str, Any]) -> Receipt:
    said = call.body
    if unknown := sorted(set(said) - _KNOWN):
        return _refuse(400, "INVALID_FIELD", f"No such column '{unknown[0]}' on sobject Task")
    wrong = [name for name in _REFERENCES if name in said and not _ID.fullmatch(said[name])]
    if wrong or len(said.get("Subject", "")) > _MOST_SUBJECT:
        return _refuse(400, "MALFORMED_ID" if wrong else "STRING_TOO_LONG", "refused")
    is_new = key not in tasks
    tasks[key] = said
    number = hashlib.sha256(key.encode()).hexdigest()[:12].upper()
    kept = {"channel": "salesforce_task", "what": "task" if is_new else "renewed", "id": key,
            "to": said.get("OwnerId", ""), "subject": said.get("Subject", ""),
            "body": said.get("Description", ""),
            "tags": {"action_id": key,
                     "decision_id": said.get("MOS_Decision_Id__c", "")}}  # fmt: skip
    told = {"id": f"00T{number}AAA", "success": True, "errors": [], "created": is_new}
    return Receipt(201 if is_new else 200, told, [kept])


def _delete(key: str, tasks: dict[str, Any]) -> Receipt:
    if tasks.pop(key, None) is None:
        return _refuse(404, "NOT_FOUND", "The requested resource does not exist")
    kept = {"channel": "salesforce_task", "what": "undone", "id": key, "to": "", "body": "",
            "subject": "task put into the bin", "tags": {"action_id": key}}  # fmt: skip
    return Receipt(204, b"", [kept])


def _refuse(status: int, code: str, words: str) -> Receipt:
    return Receipt(status, [{"errorCode": code, "message": words}])
