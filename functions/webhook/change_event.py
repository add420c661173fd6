"""One Change Data Capture event: which records it is about, and what it changes of them. Pure.

Three carriers have three forms. By Event Relay only changed fields stand in it, and a null is a
field that was emptied. By the Pub/Sub API every field does: there a null means "as it was", unless
its bit stands in `nulledFields`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.webhook.clock import moment
from functions.webhook.fields import Element, Json, element, inner, several, text
from mos.errors import MalformedError
from mos.identity.lists.ids import lengthen

HEADER = "ChangeEventHeader"
_BITS = re.compile(r"(?:(\d{1,3})-)?0x([0-9A-Fa-f]{1,64})")
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_NOBODY = "0" * 12
_GAP = "GAP_"
_NANOSECONDS = 10**9
_MOST_STEPS = 999


@dataclass(frozen=True)
class RecordChange:
    """What one event says of one record; several records of one event are several of these.

    `verb` is CREATE, UPDATE, DELETE or UNDELETE; `is_gap` where the event came without fields:
    what has changed must be read. `record_id` is None where it names no single record.
    """

    entity: str
    verb: str
    record_id: str | None
    tenant: str | None
    at: datetime | None
    number: str
    by: str | None
    origin: str | None
    is_gap: bool
    values: Mapping[str, Json]
    cleared: frozenset[str]
    key: tuple[str, ...]


def spread(body: Element) -> list[Json]:
    """Return one element per record that an event is about.

    Raises:
        MalformedError: it has no header: nobody could say of which record it speaks.
    """
    payload, tenant = _open(body)
    header = payload.get(HEADER)
    if not isinstance(header, Mapping):
        raise MalformedError(f"a change event has a {HEADER}: without it no record is named")
    ids: list[Json] = [one for one in several(header, "recordIds") if isinstance(one, str)]
    return [{"payload": payload, "record": one, "tenant": tenant} for one in ids or [None]]


def _open(body: Element) -> tuple[Element, str | None]:
    """Take the event out of EventBridge's envelope, or CometD's; it may have come without one."""
    parts = str(body.get("source") or "").split("/")
    tenant = next((part for part in parts if part[:3] == "00D" and _ID.fullmatch(part)), None)
    for name in ("detail", "data"):
        if isinstance(inside := body.get(name), Mapping):
            body = inside
    return element(body.get("payload", body), "payload"), lengthen(tenant) if tenant else None


def read_change(item: Json) -> RecordChange:
    """Return what an event says of one record.

    Raises:
        MalformedError: a field has a type that the carrier does not send.
    """
    payload, stated = item["payload"], item["record"]
    header = inner(payload, HEADER)
    kind = (text(header, "changeType") or "unknown").upper()
    number = text(header, "commitNumber") or ""
    sequence = header.get("sequenceNumber")
    verb = kind.removeprefix(_GAP)
    # A delete may be enriched with fields: they say what it was, not what it is.
    says = not kind.startswith(_GAP) and verb != "DELETE"
    values, cleared = _fields(payload, header) if says else ({}, frozenset[str]())
    record = lengthen(stated) if isinstance(stated, str) and _names_one(stated) else None
    return RecordChange(
        entity=text(header, "entityName") or "unknown",
        verb=verb,
        record_id=record,
        tenant=item["tenant"],
        at=_order(moment(header.get("commitTimestamp"), "commitTimestamp"), number, sequence),
        number=number,
        by=text(header, "commitUser"),
        origin=text(header, "changeOrigin"),
        is_gap=kind.startswith(_GAP),
        values=values,
        cleared=cleared,
        key=(
            text(header, "transactionKey") or "", str(sequence), number, kind, str(stated),
            str(item["tenant"]),
        ),
    )  # fmt: skip


def _names_one(stated: str) -> bool:
    """Say whether an id is one record's: `001*` means all of a kind, the empty id none."""
    return _ID.fullmatch(stated) is not None and not stated.startswith(_NOBODY)


def _order(at: datetime | None, number: str, sequence: Json) -> datetime | None:
    """Return when a change was made, so that changes of one moment keep their order.

    Timestamps count whole seconds or milliseconds. A commit's number, where it counts nanoseconds
    of that second, and the place within the transaction say which came first.
    """
    if at is None:
        return None
    place = sequence if isinstance(sequence, int) and not isinstance(sequence, bool) else 0
    step = timedelta(microseconds=max(0, min(place, _MOST_STEPS)))
    if number.isdigit() and int(number) // _NANOSECONDS == int(at.timestamp()):
        fine = int(number) % _NANOSECONDS // 1000
        return at.replace(microsecond=max(at.microsecond, fine)) + step
    return at + step


def _fields(payload: Element, header: Element) -> tuple[dict[str, Json], frozenset[str]]:
    """Return the values that an event sets, and the names of the fields that it empties."""
    changed = _names(payload, several(header, "changedFields"))
    nulled = _names(payload, several(header, "nulledFields"))
    patched = _names(payload, several(header, "diffFields"))
    is_whole = any(_BITS.fullmatch(str(one)) for one in several(header, "changedFields"))
    emptied = nulled if is_whole else nulled | changed
    values: dict[str, Json] = {}
    cleared: set[str] = set()
    for name, value in _leaves(payload):
        if name in patched:
            continue
        if value is not None:
            values[name] = value
        elif name in emptied or name.partition(".")[0] in nulled:
            cleared.add(name)
    return values, frozenset(cleared)


def _leaves(payload: Element) -> Iterator[tuple[str, Json]]:
    for name, value in payload.items():
        if name == HEADER:
            continue
        if isinstance(value, Mapping):
            yield from ((f"{name}.{part}", one) for part, one in value.items())
        else:
            yield name, value


def _names(payload: Element, listed: list[Json]) -> frozenset[str]:
    """Return the fields that a header lists: by name, or by their bits in the order of the body.

    Bits count from the right and the header is field 0; `4-0x01` is the first part of field 4.
    """
    fields, found = list(payload), set[str]()
    for one in listed:
        bits = _BITS.fullmatch(str(one))
        if bits is None:
            found.add(str(one))
            continue
        inside = fields[int(bits[1])] if bits[1] and int(bits[1]) < len(fields) else None
        if bits[1] and inside is None:
            continue
        parts = payload[inside] if inside else None
        names = list(parts) if isinstance(parts, Mapping) else [] if inside else fields
        on = [name for place, name in enumerate(names) if int(bits[2], 16) >> place & 1]
        found |= {f"{inside}.{name}" if inside else name for name in on}
    return frozenset(found - {HEADER})
