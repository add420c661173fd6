"""HubSpot: tasks, upserted in batches by a unique property, and the properties of tasks."""

from lab.fakes.hubspot_properties import take_property_call
from lab.fakes.hubspot_tasks import take_task_call
from lab.fakes.provider import Provider, ProviderRequest, Receipt
from lab.fakes.records import hubspot as records
from lab.fakes.shelf import Shelf, lend_or_keep

_SHELF = Shelf()


def answer(call: ProviderRequest) -> Receipt:
    """Answer a call about tasks, their properties, or records; the same id gives the same task."""
    if lent := lend_or_keep(call, _SHELF, records.lend):
        return lent
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return Receipt(401, {"status": "error", "category": "INVALID_AUTHENTICATION"})
    missing = Receipt(404, {"status": "error", "message": f"no {call.path} here"})
    return take_task_call(call) or take_property_call(call) or missing


PROVIDER = Provider(answer, lends="token")
