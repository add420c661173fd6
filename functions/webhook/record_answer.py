"""What a system answered that was asked for a record: signals, by its source's own reader. Pure."""

import hashlib

from functions.webhook import strict
from functions.webhook.draft import Delivery, Draft
from functions.webhook.errors import UnknownSourceError
from functions.webhook.receive import Received, keep_evidence
from functions.webhook.source import Source, Translation, only
from mos.events import RecordRead
from mos.model.base import canonical
from mos.model.lookup import READ
from mos.model.signal import SignalKind


def translate_answer(event: RecordRead, source: Source, delivery: Delivery) -> Received:
    """Return what an answer means. The same record, unchanged, is the same signals, ever again.

    A record that its system does not know (deleted, merged, or never there) is kept as unmapped:
    that it is gone for good only its own notice says.

    Raises:
        UnknownSourceError: this source reads no records.
        RejectedError: the answer is not what the system sends.
    """
    if source.translate_record is None:
        raise UnknownSourceError(event.record.system)
    if event.body:
        body = strict.parse(event.body.encode())
        found = source.translate_record(event.record, body, delivery)
    else:
        found = _tell_gone(event, delivery)
    text = canonical([event.record.model_dump(mode="json"), event.body])
    return keep_evidence(delivery.source, hashlib.sha256(text.encode()).hexdigest(), found)


def _tell_gone(event: RecordRead, delivery: Delivery) -> Translation:
    record = event.record
    said = {
        "object": record.object, "object_id": record.record_id, "tenant": record.tenant or None,
        "change": "not_found", READ: True,
    }  # fmt: skip
    properties = {name: value for name, value in said.items() if value is not None}
    key = canonical(["not found", record.model_dump(mode="json")])
    name = f"{record.object}.not_found"
    return only(Draft(key, SignalKind.UNMAPPED, name, properties=properties), delivery)
