"""A record that was read makes the same facts as the notices of its properties would."""

from typing import Any

import pytest

from functions.webhook.draft import Delivery
from functions.webhook.registry import source_named
from mos.errors import MalformedError
from mos.model.lookup import RecordName
from mos.model.signal import Signal, SignalKind, Trust
from tests.builders import NOON
from tests.cases.crm import PORTAL, cdc, hub
from tests.cases.doors import body_of

CONTACT = {
    "email": "Ada@Acme.example", "firstname": "Ada", "jobtitle": "CTO", "state": "CA",
    "hubspot_owner_id": "88800095", "lifecyclestage": "customer", "hs_lead_status": "OPEN",
}  # fmt: skip
COMPANY = {
    "name": "Acme", "domain": "acme.example", "numberofemployees": "900", "country": "USA",
    "hs_parent_company_id": "421000000001", "hubspot_owner_id": "88800095",
}  # fmt: skip
DEAL = {
    "dealname": "Rollout", "dealstage": "closedwon", "amount": "5000.00", "pipeline": "default",
    "closedate": "2026-03-09T20:29:45.000Z", "deal_currency_code": "EUR",
    "hs_is_closed_won": "true", "hs_deal_stage_probability": "1.0",
}  # fmt: skip
ASKING = {"needs_read", "read_why", "read_object", "read_id", "change", "property", "is_read"}


def read(system: str, kind: str, record_id: str, body: Any, tenant: str = "") -> list[Signal]:
    name = RecordName(system=system, object=kind, record_id=record_id, tenant=tenant)
    source, delivery = source_named(system), Delivery(system, Trust.SIGNED, NOON)
    assert source.translate_record
    found = source.translate_record(name, body, delivery)
    assert found.refused == ()
    return list(found.signals)


def hubspot(kind: str, properties: dict[str, Any], **more: Any) -> list[Signal]:
    body = {"id": "101", "updatedAt": "2026-03-02T09:00:00Z", "properties": properties, **more}
    return read("hubspot", kind, "101", body, str(PORTAL))


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (kind, name, value)
        for kind, known in (("contact", CONTACT), ("company", COMPANY), ("deal", DEAL))
        for name, value in known.items()
    ],
)
def test_each_property_says_in_a_record_what_it_says_in_a_notice(
    kind: str, name: str, value: str
) -> None:
    told = hub(0, f"{kind}.propertyChange", 101, propertyName=name, propertyValue=value)

    (found,) = hubspot(kind, {name: value})

    said = {n: v for n, v in told.properties.items() if not n.startswith("change_source")}
    assert (found.kind, found.traits, found.company) == (told.kind, told.traits, told.company)
    assert set(told.identifiers) == set(found.identifiers)
    assert {k: v for k, v in found.properties.items() if k not in ASKING} == {
        k: v for k, v in said.items() if k not in ASKING
    }


def test_a_record_is_one_signal_that_asks_for_nothing_as_of_its_last_change() -> None:
    (found,) = hubspot("deal", DEAL | {"hubspot_owner_id": None, "createdate": "2026-01-01"})

    assert found.occurred_at.isoformat() == "2026-03-02T09:00:00+00:00"
    assert (found.properties["amount"], found.properties["cleared"]) == ("5000.00", ("owner",))
    assert "needs_read" not in found.properties
    assert "createdate" not in found.properties


def test_an_opt_out_in_a_record_withdraws_and_its_absence_grants_nothing() -> None:
    (out,) = hubspot("contact", {"hs_email_optout": "true", "email": "ada@acme.example"})
    (neither,) = hubspot("contact", {"hs_email_optout": "false"})

    assert [(one.purpose.value, one.granted) for one in out.consent] == [("email_marketing", False)]
    assert (out.kind, neither.consent) == (SignalKind.CONSENT_CHANGED, ())


def test_the_same_record_is_the_same_signals_and_another_state_of_it_is_not() -> None:
    first, again, later = (
        {s.signal_id for s in hubspot("deal", {"amount": amount})} for amount in ("1", "1", "2")
    )

    assert first == again
    assert not first & later


def test_a_record_of_the_recorded_form_is_read() -> None:
    person = body_of("hubspot", "rd-contact")
    (found,) = read("hubspot", "contact", person["id"], person)
    deal = body_of("hubspot", "rd-deal-no-associations")
    (bare,) = read("hubspot", "deal", deal["id"], deal)

    assert found.traits["first_name"] == "Ada"
    assert found.properties["cleared"] == ("title",)
    assert bare.properties["cleared"] == ("close_date", "owner")


def test_a_salesforce_record_says_what_its_change_event_says_and_null_is_empty() -> None:
    fields = {"Name": "400 seats", "StageName": "Closed Won", "IsWon": True, "Amount": 50000.0,
              "AccountId": "001Zz0000000101IAA"}  # fmt: skip
    (told,) = cdc(0, "Opportunity", "UPDATE", "006Zz0000000201IAA", **fields)
    body = {"Id": "006Zz0000000201IAA", "SystemModstamp": "2026-03-02T09:00:00.000+0000",
            "CloseDate": None, **fields}  # fmt: skip

    (found,) = read("salesforce", "Opportunity", "006Zz0000000201IAA", body, "00DZz0000000001MAA")

    same = ("deal_stage", "amount", "is_won", "deal_name", "deal_id", "tenant")
    assert {n: found.properties[n] for n in same} == {n: told.properties[n] for n in same}
    assert (found.company, found.properties["cleared"]) == (told.company, ("close_date",))


def test_an_address_of_a_salesforce_record_is_the_one_of_its_events() -> None:
    body = {
        "Id": "001Zz0000000101IAA", "SystemModstamp": "2026-03-02T09:00:00.000+0000",
        "Website": "acme.example", "BillingCountry": "Germany", "BillingState": None,
    }  # fmt: skip

    (found,) = read("salesforce", "Account", "001Zz0000000101IAA", body)

    assert (found.company["country"], found.properties["cleared"]) == ("DE", ("region",))


def test_a_record_holds_as_of_the_end_of_the_second_of_its_stamp() -> None:
    body = body_of("salesforce", "rest-query-opportunity-with-contact-roles")["records"][0]
    stamped = body | {"SystemModstamp": "2026-03-02T09:00:00.000+0000"}

    found = read("salesforce", "Opportunity", body["Id"], stamped)

    assert found[0].occurred_at.isoformat() == "2026-03-02T09:00:00.999999+00:00"
    assert [(s.kind, s.properties.get("role")) for s in found[1:]] == [
        (SignalKind.ROLE_CONFIRMED, "economic_buyer"), (SignalKind.ROLE_CONFIRMED, "coach"),
    ]  # fmt: skip


def test_a_test_lead_moves_nothing_and_one_without_questions_is_read_all_the_same() -> None:
    (test,) = read("meta", "lead", "1023000000012348", body_of("meta", "rd-lead-test"))
    (bare,) = read("meta", "lead", "1023000000012346", body_of("meta", "rd-lead-minimal"))
    answers = {"response": body_of("linkedin", "rd-lead-form-response-test"), "form": {}}
    (dry,) = read("linkedin", "lead", "urn:li:leadGenFormResponse:1a2b3c-4", answers)

    assert (test.is_test, bare.is_test, dry.is_test) == (True, False, True)
    assert bare.traits["name"] == "Joe Reed"
    assert dry.properties["answers.307000246"] == "ada.quill@northwind-reed.example"


@pytest.mark.parametrize("body", [[], "x", {"properties": ["x"]}])
def test_what_is_no_record_is_refused(body: Any) -> None:
    name = RecordName(system="hubspot", object="deal", record_id="1")
    source = source_named("hubspot")
    assert source.translate_record

    with pytest.raises(MalformedError):
        source.translate_record(name, body, Delivery("hubspot", Trust.SIGNED, NOON))
