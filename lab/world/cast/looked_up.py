"""Two companies whose CRM says too little of: a deal without its company, a gap in the changes."""

from datetime import datetime, timedelta
from typing import Any

from lab.world.beat import Beat
from lab.world.crm import hubspot, salesforce

PINEWOOD, FERNHILL = "pinewood.example", "fernhill.example"
_COMPANY, _DEAL = 421000000601, 479000000601
_ACCOUNT, _OPPORTUNITY = "001Zz0000000601IAA", "006Zz0000000601IAA"

Lent = tuple[str, str, str, dict[str, Any]]
"""A system, a type, an id, and the record that the system keeps."""


def beats(end: datetime) -> list[Beat]:
    """Return the two notices, which come before `end`."""
    at = end - timedelta(hours=3)
    created = {"subscriptionType": "deal.creation", "objectId": _DEAL}
    gap = ("Opportunity", "GAP_UPDATE", [_OPPORTUNITY])
    return [
        hubspot([created], at, "HubSpot tells of a deal, and nothing of it"),
        salesforce(*gap, {}, at + timedelta(minutes=5), "a gap: something has changed"),
    ]


def records(end: datetime) -> list[Lent]:
    """Return what the two CRMs keep of them."""
    at = end - timedelta(hours=3)
    changed, stamp = f"{at:%Y-%m-%dT%H:%M:%S.000Z}", f"{at:%Y-%m-%dT%H:%M:%S.000+0000}"
    deal = {"dealname": "Pinewood - rollout", "dealstage": "contractsent", "pipeline": "default",
            "amount": "18000.00", "deal_currency_code": "EUR", "hs_is_closed": False,
            "hs_is_closed_won": False, "hubspot_owner_id": "88800095"}  # fmt: skip
    company = {"name": "Pinewood", "domain": PINEWOOD, "numberofemployees": "620"}
    opportunity = {"Id": _OPPORTUNITY, "SystemModstamp": stamp, "Name": "Fernhill - 90 seats",
                   "StageName": "Negotiation/Review", "Amount": 9000.0, "AccountId": _ACCOUNT,
                   "IsClosed": False, "IsWon": False, "OwnerId": "005Zz0000000012IAA"}  # fmt: skip
    account = {"Id": _ACCOUNT, "SystemModstamp": stamp, "Name": "Fernhill",
               "Website": f"https://{FERNHILL}", "NumberOfEmployees": 240}  # fmt: skip
    beside = {"company": [{"id": str(_COMPANY), "primary": True}]}
    return [
        ("hubspot", "deal", str(_DEAL), {
            "updatedAt": changed, "properties": deal, "associations": beside,
        }),
        ("hubspot", "company", str(_COMPANY), {"updatedAt": changed, "properties": company}),
        ("salesforce", "Opportunity", _OPPORTUNITY, opportunity),
        ("salesforce", "Account", _ACCOUNT, account),
    ]  # fmt: skip
