"""Salesforce: lets its records be read."""

from lab.fakes.provider import Provider, ProviderRequest, Receipt
from lab.fakes.records import salesforce
from lab.fakes.shelf import Shelf, lend_or_keep

_SHELF = Shelf()


def answer(call: ProviderRequest) -> Receipt:
    """Answer a read."""
    found = lend_or_keep(call, _SHELF, salesforce.lend)
    said = [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]
    return found or Receipt(404, said)


PROVIDER = Provider(answer, lends="oauth")
