"""What HubSpot refuses in a task's properties, as recorded answers show it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lab.fakes.provider import Receipt

TASK_KEY = "mos_action_id"
NOT_UNIQUE = f"{TASK_KEY} unique"
_CORRELATION = "c0000000-0000-4000-8000-000000000001"
_KNOWN = {
    "hs_timestamp", "hs_task_subject", "hs_task_body", "hs_task_type", "hs_task_priority",
    "hs_task_status", "hubspot_owner_id", TASK_KEY, "mos_decision_id", "mos_owner",
    "mos_reject_reason",
}  # fmt: skip
_CHOICES = {
    "hs_task_type": {"TODO", "CALL", "EMAIL"},
    "hs_task_priority": {"NONE", "LOW", "MEDIUM", "HIGH"},
    "hs_task_status": {"NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED"},
}


def refuse(
    message: str,
    status: int = 400,
    category: str = "VALIDATION_ERROR",
    **more: Any,  # noqa: ANN401  any JSON
) -> Receipt:
    """Return HubSpot's refusal."""
    body = {"status": "error", "message": message, "category": category}
    return Receipt(status, body | {"correlationId": _CORRELATION} | more)


def find_refusal(
    sent: Mapping[str, Any], known: Mapping[str, Any], lacks: frozenset[str]
) -> Receipt | None:
    """Return how properties are refused that are sent for a task of which others are known."""
    if unknown := sorted(set(sent) - (_KNOWN - lacks)):
        errors = [
            {
                "message": f'Property "{name}" does not exist',
                "code": "PROPERTY_DOESNT_EXIST",
                "context": {"propertyName": [name]},
            }
            for name in unknown
        ]
        return refuse("Property values were not valid", errors=errors)
    properties = {**known, **sent}
    if not properties.get("hs_timestamp"):
        said = "Error creating TASK. Some required properties were not set."
        return refuse(said, context={"properties": ["hs_timestamp"]})
    wrong = [
        n
        for n, choices in _CHOICES.items()
        if properties.get(n, next(iter(choices))) not in choices
    ]
    if not _is_moment(str(properties["hs_timestamp"])):
        wrong.append("hs_timestamp")
    if not str(properties.get("hubspot_owner_id", "0")).isdigit():
        wrong.append("hubspot_owner_id")
    return refuse(f"Property values were not valid: {', '.join(wrong)}") if wrong else None


def _is_moment(said: str) -> bool:
    if said.isdigit():
        return True
    try:
        return datetime.fromisoformat(said).tzinfo is not None
    except ValueError:
        return False
