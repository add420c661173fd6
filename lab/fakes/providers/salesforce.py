"""Salesforce: lets its records be read, and takes tasks by an external id."""

from lab.fakes.provider import Provider, ProviderRequest, Receipt
from lab.fakes.records import salesforce
from lab.fakes.salesforce_tasks import take_task
from lab.fakes.shelf import Shelf, lend_or_keep

_SHELF = Shelf()


def answer(call: ProviderRequest) -> Receipt:
    """Answer a read, or a task that is written."""
    found = take_task(call) or lend_or_keep(call, _SHELF, salesforce.lend)
    said = [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]
    return found or Receipt(404, said)


PROVIDER = Provider(answer, lends="oauth")
