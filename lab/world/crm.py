"""What CRMs send of companies and deals: HubSpot's changes, Salesforce's change events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lab.world.beat import Beat, packed
from lab.world.forms import number

ORGANIZATION = "00DZz0000000001MAA"
_PORTAL = 99_999
_NANOSECONDS = 10**9


def hubspot(changes: Sequence[Mapping[str, Any]], at: datetime, note: str) -> Beat:
    """Return HubSpot's array of changes, all of one moment."""
    body = [
        {
            "eventId": number("crm", note, str(place)) % 10**10, "subscriptionId": 111_113,
            "portalId": _PORTAL, "appId": 55_555, "occurredAt": int(at.timestamp() * 1000),
            "attemptNumber": 0, "changeSource": "CRM_UI", "sourceId": "userId:7100001", **change,
        }
        for place, change in enumerate(changes)
    ]  # fmt: skip
    return Beat(at, "hubspot", packed(body), len(body), note)


def record_property(about: str, object_id: int, name: str, value: str) -> dict[str, Any]:
    """Return one property of a record as HubSpot tells of it."""
    return {
        "subscriptionType": f"{about}.propertyChange", "objectId": object_id,
        "propertyName": name, "propertyValue": value,
    }  # fmt: skip


def deal_company(deal: int, company: int) -> dict[str, Any]:
    """Return HubSpot's word that a deal is a company's."""
    return {
        "subscriptionType": "deal.associationChange", "associationType": "DEAL_TO_COMPANY",
        "fromObjectId": deal, "toObjectId": company, "associationRemoved": False,
        "isPrimaryAssociation": True,
    }  # fmt: skip


def salesforce(
    entity: str, verb: str, ids: Sequence[str], fields: Mapping[str, Any], at: datetime, note: str
) -> Beat:
    """Return a change event as Event Relay puts it on the bus; a null is a field that was emptied.

    Over HTTP an API destination brings the same body.
    """
    seconds = int(at.timestamp())
    header = {
        "entityName": entity, "recordIds": list(ids), "changeType": verb, "changeOrigin": "",
        "transactionKey": f"{number('transaction', note):032d}", "sequenceNumber": 1,
        "commitTimestamp": seconds * 1000, "commitNumber": seconds * _NANOSECONDS + 433_528_300,
        "commitUser": "005Zz0000000011IAA",
        "changedFields": sorted(fields) if verb == "UPDATE" else [],
    }  # fmt: skip
    body = {
        "version": "0", "id": f"{number('event', note)}", "detail-type": f"{entity}ChangeEvent",
        "source": f"aws.partner/salesforce.com/{ORGANIZATION}/0YLZz0000000001OAA",
        "time": at.isoformat(), "detail": {"payload": {"ChangeEventHeader": header, **fields}},
    }  # fmt: skip
    return Beat(at, "salesforce", packed(body), len(ids), note)
