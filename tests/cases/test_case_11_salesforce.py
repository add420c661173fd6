"""Case 11: Salesforce's change events reach the account; a null means what its carrier means."""

import json
from typing import Any

import pytest

from mos.errors import MalformedError
from mos.model.signal import Signal, SignalKind
from tests.cases.crm import BUS, ORG, account, at, cdc, deals, played, stage, states
from tests.cases.doors import body_of, consents, keys, send
from tests.system_in_process import System

ACCOUNT, OPPORTUNITY, CONTACT = "001Zz0000000101IAA", "006Zz0000000201IAA", "003Zz0000000301IAA"
ROLE, LEAD = "00KZz0000000501MAA", "00QZz0000000601MAA"
LONG_AFTER = 60 * 24 * 400
ACME = cdc(1, "Account", "CREATE", ACCOUNT, Name="Acme", Website="https://www.acme.example",
           NumberOfEmployees=900, Industry="Fintech", OwnerId="005Zz0000000011IAA")  # fmt: skip
OPEN = cdc(2, "Opportunity", "CREATE", OPPORTUNITY, AccountId=ACCOUNT, StageName="Prospecting",
           Amount=40000, CurrencyIsoCode="EUR", OwnerId="005Zz0000000012IAA", Name="400 seats",
           CloseDate="2027-01-31", IsClosed=False, IsWon=False)  # fmt: skip


def real(name: str) -> list[Signal]:
    return send("salesforce", body_of("salesforce", name), at(LONG_AFTER))


def test_case_11_the_account_knows_its_facts_its_owner_and_the_deal() -> None:
    system = played(ACME, OPEN)

    found, deal = account(system), deals(system)[OPPORTUNITY]
    assert (found.trait("employees"), found.owner) == (900, "005Zz0000000011IAA")
    assert (deal.state.value, deal.amount, deal.currency) == ("open", 40000, "EUR")
    assert (deal.owner, deal.close_date, deal.name) == (
        "005Zz0000000012IAA", "2027-01-31", "400 seats",
    )  # fmt: skip
    assert stage(system) == "opportunity"


@pytest.mark.parametrize("name", [
    "cdc-relay-opportunity-closed-won", "cdc-pubsub-opportunity-stage-update",
])  # fmt: skip
def test_case_11_a_won_update_without_account_or_amount_keeps_both(name: str) -> None:
    older = [one.model_copy(update={"occurred_at": at(-LONG_AFTER * 10)}) for one in OPEN]

    system = played(ACME, older, real(name))

    deal = deals(system)[OPPORTUNITY]
    assert (deal.state.value, deal.amount, stage(system)) == ("won", 40000, "customer")


def test_case_11_the_order_within_one_transaction_is_the_crms() -> None:
    older = [one.model_copy(update={"occurred_at": at(-LONG_AFTER * 10)}) for one in OPEN]
    won = real("cdc-relay-opportunity-closed-won")
    before = real("cdc-relay-opportunity-stage-change")

    late, early = played(ACME, older, won, before), played(ACME, older, before, won)

    assert states(late) == states(early) == {OPPORTUNITY: "won"}


def test_case_11_a_renamed_stage_is_read_by_its_flags() -> None:
    renamed = cdc(5, "Opportunity", "UPDATE", OPPORTUNITY, StageName="Signed & happy",
                  IsClosed=True, IsWon=True)  # fmt: skip

    assert states(played(ACME, OPEN, renamed)) == {OPPORTUNITY: "won"}


def test_case_11_an_event_about_several_records_is_about_each() -> None:
    signals = real("cdc-relay-account-owner-change")

    assert [key for signal in signals for key in keys(signal)] == [
        f"salesforce_account_id:{ORG}/001Zz000000010{n}IAA" for n in (1, 2, 3)
    ]
    assert all(signal.company == {"owner": "005Zz0000000012IAA"} for signal in signals)
    assert len({signal.signal_id for signal in signals}) == 3


def test_case_11_a_null_of_the_pubsub_form_says_nothing_unless_its_bit_is_set() -> None:
    (said,) = real("cdc-pubsub-account-compound-update")
    body = body_of("salesforce", "cdc-pubsub-merged-three-accounts")
    body["ChangeEventHeader"]["nulledFields"] = ["0x800"]
    body["Industry"] = None
    emptied = send("salesforce", body, at(LONG_AFTER))

    assert (said.company, said.properties.get("cleared")) == ({}, None)
    assert {one.properties["cleared"] for one in emptied} == {("industry",)}


def test_case_11_bits_of_a_compound_field_are_its_parts() -> None:
    body = body_of("salesforce", "cdc-pubsub-account-compound-update")
    body["ChangeEventHeader"]["nulledFields"] = ["4-0x10"]

    (said,) = send("salesforce", body, at(LONG_AFTER))

    assert said.properties["cleared"] == ("country",)


def test_case_11_what_the_crm_has_emptied_is_known_no_more() -> None:
    emptied = cdc(5, "Account", "UPDATE", ACCOUNT, Industry=None, OwnerId=None)
    unlinked = cdc(6, "Opportunity", "UPDATE", OPPORTUNITY, Amount=None)

    system = played(ACME, OPEN, emptied, unlinked)

    assert (account(system).trait("industry"), account(system).owner) == (None, None)
    assert account(system).trait("employees") == 900
    assert (deals(system)[OPPORTUNITY].amount, states(system)) == (None, {OPPORTUNITY: "open"})


def test_case_11_what_the_crm_says_of_its_record_later_is_newer_than_what_it_said_first() -> None:
    grown = cdc(5, "Account", "UPDATE", ACCOUNT, NumberOfEmployees=1200)

    assert account(played(ACME, grown)).trait("employees") == 1200


def test_case_11_a_commit_number_is_kept_to_its_last_digit() -> None:
    (number,) = real("cdc-relay-contact-name-update")
    as_text = cdc(5, "Account", "UPDATE", ACCOUNT, number="18446744073709551617", Industry="x")

    assert number.properties["commit_number"] == "1745500706683617281"
    assert as_text[0].properties["commit_number"] == "18446744073709551617"


@pytest.mark.parametrize("name", ["cdc-pubsub-gap-overflow", "cdc-relay-wildcard-ids"])
def test_case_11_what_names_no_record_is_kept_and_moves_nothing(name: str) -> None:
    (said,) = real(name)

    assert (said.kind, keys(said), said.properties["needs_read"]) == (SignalKind.UNMAPPED, [], True)


@pytest.mark.parametrize(("verb", "kind", "left"), [
    ("GAP_UPDATE", "unmapped", {OPPORTUNITY: "open"}), ("GAP_DELETE", "deal_changed", {}),
    ("DELETE", "deal_changed", {}),
])  # fmt: skip
def test_case_11_a_gap_says_that_something_changed_and_a_deletion_needs_no_reading(
    verb: str, kind: str, left: dict[str, str]
) -> None:
    said = cdc(5, "Opportunity", verb, OPPORTUNITY)

    system = played(ACME, OPEN, said)

    assert (said[0].kind.value, states(system)) == (kind, left)


def test_case_11_an_opportunity_that_is_undeleted_is_back() -> None:
    system = played(ACME, OPEN, cdc(5, "Opportunity", "DELETE", OPPORTUNITY))
    assert (states(system), stage(system)) == ({}, "qualified")

    played(cdc(6, "Opportunity", "UNDELETE", OPPORTUNITY, StageName="Prospecting",
               AccountId=ACCOUNT, IsClosed=False), system=system)  # fmt: skip

    assert (states(system), stage(system)) == ({OPPORTUNITY: "open"}, "opportunity")


def test_case_11_fields_of_an_enriched_delete_change_nothing() -> None:
    (said,) = real("cdc-cometd-account-delete-enriched")

    assert (said.company, said.properties["change"]) == ({}, "deletion")


def test_case_11_what_lost_its_header_is_refused() -> None:
    with pytest.raises(MalformedError):
        real("cdc-legacy-base64-connector-value")


def test_case_11_a_contact_is_of_its_account_and_keeps_its_stops() -> None:
    (said,) = real("cdc-relay-contact-undelete")
    system = played(ACME, said)

    person = system.profile("email:bram.hale@northwind-reed.example")
    assert consents(said) == {"email_marketing": False}
    assert person.trait("owner") == "005Zz0000000011IAA"
    assert account(system).account_id == person.account_id


def test_case_11_a_lead_that_is_converted_is_its_contact() -> None:
    lead = cdc(3, "Lead", "CREATE", LEAD, Email="ada@acme.example", Company="Acme",
               Name={"FirstName": "Ada", "LastName": "Quill"}, Status="Open")  # fmt: skip
    converted = cdc(4, "Lead", "UPDATE", LEAD, IsConverted=True, ConvertedContactId=CONTACT,
                    ConvertedAccountId=ACCOUNT)  # fmt: skip

    system = played(ACME, lead, converted)

    (person,) = system.people().values()
    assert {i.key for i in person.identifiers} == {
        "email:ada@acme.example", f"salesforce_id:{CONTACT}", f"salesforce_lead_id:{LEAD}",
    }  # fmt: skip


def roles(system: System) -> list[tuple[str | None, str | None, bool | None]]:
    rows = [r for r in system.tables["identity"].scan() if r.sk == "DEAL"]
    held = [role for r in rows for role in json.loads(r.body).get("roles", [])]
    return [(one.get("contact"), one.get("role"), one.get("is_primary")) for one in held]


CREATED: dict[str, Any] = {"OpportunityId": OPPORTUNITY, "ContactId": CONTACT, "IsPrimary": True}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "turned"])
def test_case_11_a_contact_role_is_in_the_deal_however_its_events_come(order: Any) -> None:
    events = [
        cdc(5, "OpportunityContactRole", "CREATE", ROLE, Role="Evaluator", **CREATED),
        cdc(6, "OpportunityContactRole", "UPDATE", ROLE, Role="Decision Maker"),
    ]

    system = played(ACME, OPEN, *(events[n] for n in order))

    assert roles(system) == [(f"salesforce_id:{CONTACT}", "Decision Maker", True)]


def test_case_11_who_decides_is_confirmed_and_a_deleted_role_is_in_no_deal() -> None:
    ada = cdc(3, "Contact", "CREATE", CONTACT, Email="ada@acme.example", AccountId=ACCOUNT)
    role = cdc(5, "OpportunityContactRole", "CREATE", ROLE, Role="Decision Maker", **CREATED)
    system = played(ACME, OPEN, ada, role)

    (said,) = system.profile("email:ada@acme.example").statements
    assert (said.kind, said.role) == ("role_confirmed", "economic_buyer")

    played(cdc(6, "OpportunityContactRole", "DELETE", ROLE), system=system)
    assert roles(system) == []


def test_case_11_who_is_erased_is_in_no_deal_and_no_signal_of_one() -> None:
    ada = cdc(3, "Contact", "CREATE", CONTACT, Email="ada@acme.example", AccountId=ACCOUNT)
    role = cdc(5, "OpportunityContactRole", "CREATE", ROLE, Role="Decision Maker", **CREATED)
    system = played(ACME, OPEN, ada, role)
    (person,) = system.people().values()

    erase = ada[0].model_copy(update={
        "signal_id": "sig_erase", "kind": SignalKind.ERASURE_REQUESTED, "company": {},
        "identifiers": person.identifiers, "traits": {},
    })  # fmt: skip
    system.play(erase)

    left = [r for t in ("identity", "signals") for r in system.tables[t].scan()]
    assert roles(system) == []
    assert not [r for r in left if CONTACT in r.pk + r.sk + r.body]


def test_case_11_the_bus_is_its_door() -> None:
    system = System()
    body = {"source": BUS, "detail-type": "AccountChangeEvent", "detail": body_of(
        "salesforce", "cdc-relay-account-owner-change")["detail"]}  # fmt: skip

    replies = [system.take_native(body, at(LONG_AFTER)) for _ in range(2)]
    other = system.take_native({**body, "source": "aws.partner/other.example/1"}, at(LONG_AFTER))

    assert [reply.status for reply in replies] == [200, 200]
    assert "replayed" in replies[1].body
    assert (len(system.queue.bodies), other.status) == (3, 404)
    assert [reason.partition(":")[0] for reason in system.parked] == ["unknown_source"]


def test_case_11_who_asks_for_the_account_is_told_of_its_deals_and_who_is_on_them() -> None:
    role = cdc(5, "OpportunityContactRole", "CREATE", ROLE, Role="Decision Maker", **CREATED)
    system = played(ACME, OPEN, role)

    text = system.ask("account", subject="acme.example").text

    assert all(said in text for said in (OPPORTUNITY, "Prospecting", "2027-01-31", "40000"))
    assert f"salesforce_id:{CONTACT}: Decision Maker" in text
