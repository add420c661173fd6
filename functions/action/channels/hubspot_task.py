"""A task for a rep in HubSpot, upserted by our action id, so that twice is once."""

from typing import Any

from functions.action.channel import Channel, ChannelProvider, Message, Tools
from mos.errors import UnavailableError

_HUBSPOT = ChannelProvider("hubspot", "https://api.hubapi.com")
_PATH = "/crm/objects/2026-03/tasks/batch/upsert"


def send(message: Message, tools: Tools) -> str:
    """Create or update the task and return its HubSpot id."""
    properties = {
        "mos_action_id": message.action_id,
        "mos_decision_id": message.decision_id,
        "hs_task_subject": message.subject,
        "hs_task_body": message.body,
        "hs_task_type": "CALL" if message.action == "bdr_call" else "TODO",
        "hs_task_priority": "HIGH",
        "hs_task_status": "NOT_STARTED",
        "mos_owner": message.owner or "",
    }
    body = {
        "inputs": [
            {"idProperty": "mos_action_id", "id": message.action_id, "properties": properties}
        ]
    }
    headers = {"authorization": f"Bearer {tools.secret(_HUBSPOT)}"}
    reply: Any = tools.post(_HUBSPOT, _PATH, headers, body)
    try:
        return str(reply["results"][0]["id"])
    except (KeyError, IndexError, TypeError):
        raise UnavailableError(_HUBSPOT.name, "the answer names no task") from None


CHANNEL = Channel(
    send=send,
    dedups=True,
    per_second=19,
    provider=_HUBSPOT,
    brings=("task_rejected",),
    undo="look at the task: close it, or give it to the right person",
)
