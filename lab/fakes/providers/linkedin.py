"""LinkedIn: lets the answers of leads be read, and takes people and companies into segments."""

from lab.fakes.linkedin_segments import take_stream
from lab.fakes.provider import Provider, ProviderRequest, Receipt
from lab.fakes.records import linkedin
from lab.fakes.shelf import Shelf, lend_or_keep

_SHELF = Shelf()


def answer(call: ProviderRequest) -> Receipt:
    """Answer a read, or what is streamed into a segment."""
    found = take_stream(call) or lend_or_keep(call, _SHELF, linkedin.lend)
    return found or Receipt(404, {"status": 404, "code": "NOT_FOUND", "message": "Not found"})


PROVIDER = Provider(answer, lends="token")
