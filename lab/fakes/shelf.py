"""Where the fake systems keep the records that may be read, and the troubles that they show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lab.fakes.provider import ProviderRequest, Receipt

_PUT = "/_records"


@dataclass
class Shelf:
    """One system's records by type and id. `troubles` are shown by the next calls, one each.

    `page` is how much a list holds, `tokens` whom it lets in beside those who look like a token,
    `cursors` are the lists that somebody is paging through.
    """

    records: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    calls: list[ProviderRequest] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    page: int = 100
    cursors: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def put(self, kind: str, record_id: str, body: dict[str, Any]) -> None:
        """Keep a record, in the place of an older one."""
        self.records[kind, record_id] = body

    def find(self, kind: str, record_id: str) -> dict[str, Any] | None:
        """Return a record, or None."""
        return self.records.get((kind, record_id))

    def show_trouble(self, known: Mapping[str, Receipt]) -> Receipt | None:
        """Return the trouble that the next call meets, or None."""
        return known[self.troubles.pop(0)] if self.troubles else None


def keep_records(call: ProviderRequest, shelf: Shelf) -> Receipt | None:
    """Keep what the workbench puts on a shelf: no system has such a door."""
    if call.path != _PUT or call.method != "POST":
        return None
    for one in call.body.get("records", ()):
        shelf.put(str(one["object"]), str(one["id"]), dict(one["body"]))
    shelf.troubles += call.body.get("troubles", ())
    return Receipt(200, {"kept": len(shelf.records)})


Lend = Callable[[ProviderRequest, Shelf], Receipt | None]
"""Answers a call that reads records; None where it is none."""


@dataclass(frozen=True)
class Lender:
    """How one system lets its records be read. `base` is where, where each tenant has its own."""

    lend: Lend
    base: str = ""


def lend_or_keep(call: ProviderRequest, shelf: Shelf, lend: Lend) -> Receipt | None:
    """Answer a read, or keep records for later ones; None where the call is neither."""
    return keep_records(call, shelf) or lend(call, shelf)
