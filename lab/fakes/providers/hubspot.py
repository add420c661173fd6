"""HubSpot: tasks, upserted in batches by a unique property, and the properties of tasks."""

from lab.fakes.hubspot_properties import take_property_call
from lab.fakes.hubspot_tasks import take_task_call
from lab.fakes.provider import Provider, ProviderRequest, Receipt


def answer(call: ProviderRequest) -> Receipt:
    """Answer a call about tasks or their properties; the same id gives the same task."""
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return Receipt(401, {"status": "error", "category": "INVALID_AUTHENTICATION"})
    missing = Receipt(404, {"status": "error", "message": f"no {call.path} here"})
    return take_task_call(call) or take_property_call(call) or missing


PROVIDER = Provider(answer)
