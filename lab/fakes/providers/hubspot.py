"""HubSpot: tasks, upserted in batches by a unique property."""

import hashlib

from lab.fakes.provider import Provider, ProviderRequest, Receipt
from lab.fakes.records import hubspot as records
from lab.fakes.shelf import Shelf, lend_or_keep

_SHELF = Shelf()
_MOST = 100


def answer(call: ProviderRequest) -> Receipt:
    """Answer the batch upsert of tasks; the same id gives the same task."""
    if lent := lend_or_keep(call, _SHELF, records.lend):
        return lent
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return Receipt(401, {"status": "error", "category": "INVALID_AUTHENTICATION"})
    if not call.path.endswith("/tasks/batch/upsert"):
        return Receipt(404, {"status": "error", "message": f"no {call.path} here"})
    inputs = call.body.get("inputs") if isinstance(call.body, dict) else None
    if not inputs or len(inputs) > _MOST:
        return Receipt(400, {"status": "error", "category": "VALIDATION_ERROR"})
    results, kept = [], []
    for task in inputs:
        properties = task["properties"]
        number = int(hashlib.sha256(task["id"].encode()).hexdigest()[:10], 16)
        results.append({"id": str(number), "properties": properties, "new": True})
        kept.append(
            {
                "channel": "hubspot_task",
                "to": properties.get("mos_owner", ""),
                "subject": properties.get("hs_task_subject", ""),
                "body": properties.get("hs_task_body", ""),
                "tags": {
                    "action_id": properties.get("mos_action_id", ""),
                    "decision_id": properties.get("mos_decision_id", ""),
                },
            }
        )
    return Receipt(200, {"status": "COMPLETE", "results": results}, kept)


PROVIDER = Provider(answer, lends="token")
