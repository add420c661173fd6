"""A record of Salesforce's that was asked for, said as its change events would say it. Pure.

It becomes an update that names every field, so that an empty one is emptied: null means null here;
one that lies in the bin becomes a deletion.
A record's time counts whole seconds, and it was read after the last change of that second: it holds
as of the second's end, so that an event from within it takes nothing back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from functions.webhook.change_event import HEADER, spread
from functions.webhook.clock import moment
from functions.webhook.draft import Delivery, Draft
from functions.webhook.fields import Element, Json, element, inner, several, text
from functions.webhook.salesforce_record import draft_of
from functions.webhook.source import Translation, each
from mos.model.base import canonical
from mos.model.lookup import ASKING, READ, RecordName

_PREFIXES = {"Account": "Billing", "Contact": "Mailing", "Lead": ""}
_PARTS = ("Country", "State", "CountryCode")
_NOT_SAID = frozenset({
    "attributes", "Id", "SystemModstamp", "IsDeleted", "OpportunityContactRoles",
})  # fmt: skip
_ROLES = "OpportunityContactRoles"


def translate_record(record: RecordName, body: Json, delivery: Delivery) -> Translation:
    """Return the signals that a record makes: its own, and one for each role in a deal.

    Raises:
        MalformedError: it is no record of Salesforce's.
    """
    return each(list(_list_parts(record, element(body, "the record"))), _read_part, delivery)


def _list_parts(record: RecordName, body: Element) -> Iterator[Json]:
    yield _tell(record.object, record.record_id, body, record, text(body, "SystemModstamp"))
    for one in several(inner(body, _ROLES), "records"):
        role = {"OpportunityId": record.record_id, **element(one)}
        at = text(role, "SystemModstamp") or text(body, "SystemModstamp")
        yield _tell("OpportunityContactRole", text(role, "Id"), role, record, at)


def _tell(
    kind: str, record_id: str | None, body: Element, record: RecordName, at: str | None
) -> Json:
    """Return the change event that says all that a record does, in the relay's form."""
    fields = _nest(kind, {name: body[name] for name in body if name not in _NOT_SAID})
    names = [
        f"{name}.{part}" if isinstance(value, Mapping) else name
        for name, value in fields.items()
        for part in (value if isinstance(value, Mapping) else [""])
    ]
    header = {
        "entityName": kind, "recordIds": [record_id],
        "changeType": "DELETE" if body.get("IsDeleted") is True else "UPDATE",
        "commitTimestamp": at, "transactionKey": "read", "changedFields": names,
    }  # fmt: skip
    return {"payload": {HEADER: header, **fields}, "tenant": record.tenant}


def _nest(kind: str, fields: dict[str, Json]) -> dict[str, Json]:
    """Return the fields with the parts of an address and of a name where an event has them."""
    start = _PREFIXES.get(kind)
    if start is None:
        return fields
    parts = {part: fields.pop(f"{start}{part}") for part in _PARTS if f"{start}{part}" in fields}
    return {**fields, **({f"{start}Address": parts} if parts else {})}


def _read_part(part: Json) -> Draft:
    source = f"aws.partner/salesforce.com/{part['tenant']}" if part["tenant"] else ""
    (item,) = spread({"source": source, "detail": {"payload": part["payload"]}})
    made = draft_of(item)
    at = moment(part["payload"][HEADER]["commitTimestamp"], "SystemModstamp")
    end = at + timedelta(microseconds=999_999 - at.microsecond) if at else None
    said = {name: value for name, value in made.properties.items() if name not in ASKING}
    kind = part["payload"][HEADER]["entityName"]
    return replace(
        made, key=canonical(["read", part]), name=f"{kind}.READ", at=end, stated_at=at,
        properties={**said, READ: True},
    )  # fmt: skip
