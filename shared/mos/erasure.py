"""The receipt that a store leaves when it has erased somebody: written by who did it.

every table: `PRIVACY#<request>/<store>`. It names nobody.
"""

from datetime import datetime

from mos.events import ErasureOrdered, StoreErased
from mos.model.base import Instant, Stored
from mos.ports import Record, Table


class Receipt(Stored):
    """What a store did about a request, and when; `done` is false where it is still to be done."""

    store: str
    what: str
    at: Instant
    done: bool = True


def keep_receipt(table: Table, request_id: str, receipt: Receipt) -> Receipt:
    """Store a receipt, and return the one that stands: the first of a repeated request."""
    record = Record(f"PRIVACY#{request_id}", receipt.store, receipt.canonical())
    if table.put_new(record):
        return receipt
    held = table.get(record.pk, record.sk)
    return Receipt.parse(held.body) if held else receipt


def read_receipts(table: Table, request_id: str) -> list[Receipt]:
    """Return the receipts that a table holds of a request."""
    return [Receipt.parse(r.body) for r in table.query(f"PRIVACY#{request_id}") if r.body]


def answer_order(
    event: ErasureOrdered, table: Table, store: str, what: str, now: datetime
) -> StoreErased:
    """Leave a store's receipt of an order, and return the event that says so."""
    receipt = keep_receipt(table, event.request_id, Receipt(store=store, what=what, at=now))
    return StoreErased.following(event, request_id=event.request_id, store=store, what=receipt.what)
