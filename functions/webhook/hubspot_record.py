"""A record of HubSpot's that was asked for, said as its notices would say it. Pure.

Each property is read by the reader of changes, so that a record and a notice make the same facts;
what is empty in a record is empty there. A record holds as of when it was last changed: an older
one takes nothing back that a later notice said.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from functions.webhook.draft import Delivery, Draft
from functions.webhook.fields import Element, Json, element, inner, several, text
from functions.webhook.hubspot_association import OBJECTS
from functions.webhook.hubspot_change import draft_of
from functions.webhook.source import Translation, each
from mos.model.base import canonical
from mos.model.lookup import ASKING, READ, RecordName
from mos.model.signal import SignalKind

_TYPES = {name: number for number, name in OBJECTS.items()}
_OTHERS = {"companies": "company", "contacts": "contact"}
_SPECIAL = (SignalKind.CONSENT_CHANGED, SignalKind.ROLE_CONFIRMED)
_BOOKKEEPING = frozenset({"hs_object_id", "createdate", "lastmodifieddate", "hs_lastmodifieddate"})
_MOVES = frozenset({"lifecycle_stage", "lead_status"})
"""What sales moves somebody by."""


def translate_record(record: RecordName, body: Json, delivery: Delivery) -> Translation:
    """Return the signals that a record makes: one of its own, one for each record beside it.

    Raises:
        MalformedError: it is no record of HubSpot's.
    """
    return each([*_list_parts(record, element(body, "the record"))], _read_part, delivery)


def _list_parts(record: RecordName, body: Element) -> Iterator[Json]:
    at = text(body, "updatedAt") or text(inner(body, "properties"), "hs_lastmodifieddate")
    shared = {"occurredAt": at, "portalId": record.tenant or None}
    yield {
        **shared, "about": record.object, "objectId": record.record_id,
        "properties": inner(body, "properties"),
    }  # fmt: skip
    joined = inner(body, "associations")
    for name, other in _OTHERS.items():
        for one in several(joined, name):
            yield {
                **shared,
                "subscriptionType": f"{record.object}.associationChange",
                "fromObjectTypeId": _TYPES[record.object],
                "toObjectTypeId": _TYPES[other],
                "fromObjectId": record.record_id,
                "toObjectId": text(element(one), "id"),
                "isPrimaryAssociation": element(one).get("primary") is True,
            }


def _read_part(part: Json) -> Draft:
    made = draft_of(part) if "subscriptionType" in part else _read_properties(part)
    said = {name: value for name, value in made.properties.items() if name not in ASKING}
    return replace(made, key=canonical(["read", part]), properties={**said, READ: True})


def _read_properties(part: Element) -> Draft:
    """Return what all properties of a record say together."""
    about, kinds = part["about"], set[SignalKind]()
    identifiers, consent = list[Json](), list[Json]()
    traits, company, properties = dict[str, Json](), dict[str, Json](), dict[str, Json]()
    cleared: set[str] = set()
    for change in _list_changes(part):
        one = draft_of(change)
        kinds.add(one.kind)
        identifiers += [found for found in one.identifiers if found not in identifiers]
        consent += one.consent
        traits |= one.traits
        company |= one.company
        empty = one.properties.get("cleared")
        cleared |= {str(empty)} if empty else set()
        properties |= {n: v for n, v in one.properties.items() if n not in {"cleared", "property"}}
    moved = next((name for name in sorted(_MOVES) if name in {**traits, **company}), None)
    own = next((kind for kind in _SPECIAL if kind in kinds), None)
    bare = draft_of({**part, "subscriptionType": f"{about}.propertyChange"})
    return replace(
        bare,
        kind=own or bare.kind,
        name=f"{about}.read",
        identifiers=tuple(identifiers) or bare.identifiers,
        traits=traits,
        company=company,
        consent=tuple(dict.fromkeys(consent)),
        properties={
            **bare.properties, **properties, "change": "read",
            **({"cleared": sorted(cleared)} if cleared else {}),
            **({"property": moved} if moved else {}),
        },
    )  # fmt: skip


def _list_changes(part: Element) -> Iterator[Mapping[str, Json]]:
    same = {name: part[name] for name in ("occurredAt", "portalId", "objectId")}
    for name, value in sorted(part["properties"].items()):
        if name in _BOOKKEEPING:
            continue
        yield {
            **same, "subscriptionType": f"{part['about']}.propertyChange",
            "propertyName": name, "propertyValue": value,
        }  # fmt: skip
