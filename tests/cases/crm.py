"""A CRM that speaks to a system: HubSpot's events, Salesforce's, and what an account knows then."""

from datetime import datetime, timedelta
from typing import Any

from lab.play.query import find_company, find_stage
from mos.identity.company_word import node_id
from mos.model.account import Account
from mos.model.deal import Deal
from mos.model.signal import Signal
from tests.builders import NOON
from tests.cases.doors import say, send
from tests.system_in_process import System

PORTAL = 90000001
ORG = "00DZz0000000001MAA"
BUS = f"aws.partner/salesforce.com/{ORG}/0YLZz0000000001OAA"


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def hub(minute: float, subscription: str, object_id: int | None = None, **said: Any) -> Signal:
    """Return the signal of one HubSpot event."""
    return hub_all(minute, hub_event(minute, subscription, object_id, **said))[0]


def hub_event(
    minute: float, subscription: str, object_id: int | None = None, **said: Any
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "eventId": 2_000_000_000 + int(minute * 60), "portalId": PORTAL, "subscriptionId": 1,
        "occurredAt": int(at(minute).timestamp() * 1000), "attemptNumber": 0,
        "subscriptionType": subscription, "changeSource": "CRM_UI", "sourceId": "userId:7100001",
    }  # fmt: skip
    return {**body, **({"objectId": object_id} if object_id else {}), **said}


def hub_all(minute: float, *events: dict[str, Any]) -> list[Signal]:
    return send("hubspot", list(events), at(minute))


def prop(minute: float, about: str, object_id: int, name: str, value: Any) -> Signal:
    return hub(minute, f"{about}.propertyChange", object_id, propertyName=name, propertyValue=value)


def link(minute: float, deal: int, company: int, **said: Any) -> Signal:
    """Return HubSpot's word that a deal is a company's."""
    said = {"associationRemoved": False, "isPrimaryAssociation": True} | said
    return hub(
        minute, "deal.associationChange", associationType="DEAL_TO_COMPANY", fromObjectId=deal,
        toObjectId=company, **said,
    )  # fmt: skip


def cdc(
    minute: float, entity: str, verb: str, *ids: str, changed: list[str] | None = None,
    number: int | str | None = None, sequence: int = 1, **fields: Any,
) -> list[Signal]:  # fmt: skip
    """Return the signals of one change event, as Event Relay brings it."""
    header = {
        "entityName": entity, "recordIds": list(ids), "changeType": verb, "changeOrigin": "",
        "transactionKey": f"000a5148-{minute}-{entity}", "sequenceNumber": sequence,
        "commitTimestamp": int(at(minute).timestamp() * 1000), "commitUser": "005Zz0000000012IAA",
        "commitNumber": number or int(at(minute).timestamp() * 10**9) + 433528300,
        "changedFields": sorted(fields) if changed is None else changed,
    }  # fmt: skip
    payload = {"ChangeEventHeader": header, **fields}
    body = {"source": BUS, "detail-type": f"{entity}ChangeEvent", "detail": {"payload": payload}}
    return send("salesforce", body, at(minute + 1))


def deal(minute: float, deal_id: str = "D-1", domain: str = "acme.example", **said: Any) -> Signal:
    """Return our own `deal.updated`, without a person."""
    company = {"domain": domain} if domain else {}
    data = {"company": company, "properties": {"deal_id": deal_id, **said}}
    return say("deal.updated", at(minute), f"deal-{deal_id}-{minute}", **data)


def played(*signals: Signal | list[Signal], system: System | None = None) -> System:
    system = system or System()
    for one in signals:
        system.play(*(one if isinstance(one, list) else [one]))
    return system


def account(system: System, domain: str = "acme.example") -> Account:
    return find_company(node_id(domain), system)


def deals(system: System, domain: str = "acme.example") -> dict[str, Deal]:
    return {one.deal_id: one for one in account(system, domain).deals if not one.is_gone}


def states(system: System, domain: str = "acme.example") -> dict[str, str]:
    return {name: one.state.value for name, one in deals(system, domain).items()}


def stage(system: System, domain: str = "acme.example") -> str | None:
    return find_stage(system, account(system, domain).account_id)


def stored(system: System) -> dict[tuple[str, str], str]:
    """Return every deal and every account's deals as bytes."""
    rows = list(system.tables["identity"].scan())
    found = {(r.pk, r.sk): r.body for r in rows if r.sk in {"DEAL", "ROLE"}}
    accounts = [Account.parse(r.body) for r in rows if r.sk == "ACCOUNT" and r.body]
    return found | {
        (one.account_id, d.deal_id): d.canonical() for one in accounts for d in one.deals
    }
