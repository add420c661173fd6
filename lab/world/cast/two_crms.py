"""Two companies of which only a CRM tells: a deal in HubSpot, an opportunity in Salesforce."""

from datetime import datetime, timedelta
from typing import Any

from lab.world.beat import Beat
from lab.world.crm import deal_company, hubspot, record_property, salesforce

HARBOR, ALDER = "harborstone.example", "alder-finch.example"
_COMPANY, _DEAL = 421000000567, 479000000160
_ACCOUNT, _CONTACT = "001Zz0000000101IAA", "003Zz0000000301IAA"
_OPPORTUNITY, _ROLE = "006Zz0000000201IAA", "00KZz0000000501MAA"


def beats(end: datetime) -> list[Beat]:
    """Return what both CRMs tell, which ends before `end`: owners, a role, and what was won."""
    return [*_tell_hubspot(end - timedelta(hours=9)), *_tell_salesforce(end - timedelta(hours=7))]


def _tell_hubspot(at: datetime) -> list[Beat]:
    company = {"domain": HARBOR, "name": "Harborstone", "numberofemployees": "900",
               "hubspot_owner_id": "88800095"}  # fmt: skip
    deal = {"dealstage": "contractsent", "amount": "52000.00", "deal_currency_code": "EUR",
            "hubspot_owner_id": "88800096"}  # fmt: skip
    known = [record_property("company", _COMPANY, name, said) for name, said in company.items()]
    opened = [record_property("deal", _DEAL, name, said) for name, said in deal.items()]
    return [
        hubspot(known, at, "HubSpot knows Harborstone and its owner"),
        hubspot(opened, at + timedelta(minutes=5), "a deal that names no company yet"),
        hubspot(
            [deal_company(_DEAL, _COMPANY)], at + timedelta(minutes=9), "the deal is Harborstone's"
        ),
    ]


def _tell_salesforce(at: datetime) -> list[Beat]:
    account = {"Name": "Alder Finch", "Website": f"https://www.{ALDER}", "NumberOfEmployees": 450,
               "OwnerId": "005Zz0000000011IAA"}  # fmt: skip
    contact = {"Name": {"FirstName": "Bo", "LastName": "Marsh"}, "Email": f"bo.marsh@{ALDER}",
               "Title": "CFO", "AccountId": _ACCOUNT, "OwnerId": "005Zz0000000011IAA"}  # fmt: skip
    deal = {"Name": "Alder Finch - 400 seats", "AccountId": _ACCOUNT, "StageName": "Prospecting",
            "Amount": 40000, "CurrencyIsoCode": "EUR", "IsClosed": False, "IsWon": False,
            "OwnerId": "005Zz0000000012IAA"}  # fmt: skip
    role = {"OpportunityId": _OPPORTUNITY, "ContactId": _CONTACT, "Role": "Decision Maker",
            "IsPrimary": True}  # fmt: skip
    won = {"StageName": "Signed & countersigned", "IsClosed": True, "IsWon": True}
    said: list[tuple[str, str, str, dict[str, Any], str]] = [
        ("Account", "CREATE", _ACCOUNT, account, "Salesforce knows Alder Finch and its owner"),
        ("Contact", "CREATE", _CONTACT, contact, "Salesforce knows a contact there"),
        ("Opportunity", "CREATE", _OPPORTUNITY, deal, "an opportunity is open"),
        ("OpportunityContactRole", "CREATE", _ROLE, role, "who decides is put on the deal"),
        ("Opportunity", "UPDATE", _OPPORTUNITY, won, "won, in a stage with a name of its own"),
    ]
    return [
        salesforce(entity, verb, [record], fields, at + timedelta(minutes=10 * place), note)
        for place, (entity, verb, record, fields, note) in enumerate(said)
    ]
