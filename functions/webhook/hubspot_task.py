"""What a rep did with a task in HubSpot: took it, finished it, put it off for good, or binned it.

HubSpot's generic webhook names a task by HubSpot's own id. Creating one, and what we write
ourselves (`NOT_STARTED`), is nobody's word. Pure.
"""

from collections.abc import Mapping
from types import MappingProxyType

from functions.webhook.fields import Element, Json, text
from mos.model.signal import SignalKind

_STATUS, _REASON = "hs_task_status", "mos_reject_reason"
"""The second is a property of ours that a portal may have: why a rep gives a task back."""
_WORDS: Mapping[str, SignalKind] = MappingProxyType({
    "IN_PROGRESS": SignalKind.TASK_ACCEPTED,
    "COMPLETED": SignalKind.TASK_ACCEPTED,
    "DEFERRED": SignalKind.TASK_REJECTED,
})  # fmt: skip
_AUTOMATIC = frozenset({"AUTOMATION_PLATFORM", "WORKFLOWS", "MIGRATION"})
"""Who bins tasks without anybody's having looked at them."""


def read_task_kind(verb: str, change: Element) -> SignalKind | None:
    """Return whether a rep has accepted or rejected a task by this change, or None."""
    value = str(change.get("propertyValue") or "").strip()
    if verb == "deletion":
        is_automatic = change.get("changeSource") in _AUTOMATIC
        return None if is_automatic else SignalKind.TASK_REJECTED
    if verb != "propertyChange":
        return None
    if change.get("propertyName") == _REASON:
        return SignalKind.TASK_REJECTED if value else None
    return _WORDS.get(value.upper()) if change.get("propertyName") == _STATUS else None


def read_task(verb: str, change: Element) -> dict[str, Json]:
    """Return which task it is, by its provider's id, and what is said of it beside."""
    if read_task_kind(verb, change) is None:
        return {}
    found: dict[str, Json] = {"task_id": text(change, "objectId")}
    if str(change.get("propertyValue")).strip().upper() == "COMPLETED":
        found["receipt"] = "task.completed"
    if change.get("propertyName") == _REASON:
        found["reason"] = text(change, "propertyValue")
    elif verb == "deletion":
        found["reason"] = "deleted"
    return found
