"""HubSpot's CRM: a batch upsert of tasks. The same `id` under the same `idProperty` is one task."""

import hashlib
import re
from typing import Any

from lab.fakes.provider import Answer, Call, Provider, Receipt

_UPSERT = re.compile(r"/crm/objects/2026-03/(\w+)/batch/upsert")
_MOST = 100


def _answer(call: Call) -> Answer:
    if not call.token:
        return refuse(401)
    found = _UPSERT.fullmatch(call.path)
    if call.method != "POST" or not found:
        return refuse(404)
    inputs = call.json().get("inputs")
    if not isinstance(inputs, list) or not 0 < len(inputs) <= _MOST or not all(map(_fits, inputs)):
        return refuse(400)
    return Answer(
        200,
        {"status": "COMPLETE", "results": [_result(found[1], item) for item in inputs]},
        receipts=tuple(_receipt(item) for item in inputs),
    )


def _fits(item: Any) -> bool:  # noqa: ANN401  any JSON
    return (
        isinstance(item, dict)
        and isinstance(item.get("idProperty"), str)
        and isinstance(item.get("id"), str)
        and isinstance(item.get("properties"), dict)
    )


def _result(kind: str, item: dict[str, Any]) -> dict[str, Any]:
    named = f"{kind}:{item['idProperty']}:{item['id']}"
    number = int.from_bytes(hashlib.sha256(named.encode()).digest()[:5], "big")
    return {"id": str(number), "properties": item["properties"], "archived": False}


def _receipt(item: dict[str, Any]) -> Receipt:
    said = {key: str(value) for key, value in item["properties"].items()}
    owner = said.get("mos_owner", "")
    tags = {"action_id": said.get("mos_action_id", item["id"])}
    if "mos_decision_id" in said:
        tags["decision_id"] = said["mos_decision_id"]
    return Receipt(
        channel="hubspot_task",
        to=owner,
        owner=owner,
        subject=said.get("hs_task_subject", ""),
        body=said.get("hs_task_body", ""),
        tags=tags,
    )


def refuse(status: int) -> Answer:
    """Return HubSpot's form of an error."""
    category = {400: "VALIDATION_ERROR", 401: "INVALID_AUTHENTICATION", 404: "OBJECT_NOT_FOUND"}
    said = {
        "status": "error",
        "message": f"fake answer {status}",
        "category": "RATE_LIMITS" if status == 429 else category.get(status, "SERVER_ERROR"),  # noqa: PLR2004  Too Many Requests
    }
    return Answer(status, said, {"Retry-After": "1"} if status == 429 else {})  # noqa: PLR2004  Too Many Requests


PROVIDER = Provider(_answer, refuse)
