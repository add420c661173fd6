"""What a notice doesn't carry is looked up off the path, and comes in as its system's own word."""

from typing import Any

import pytest

from mos.identity.company_word import node_id
from mos.model.signal import SignalKind
from tests.builders import changed
from tests.cases.crm import (
    PORTAL,
    account,
    at,
    cdc,
    deals,
    hub,
    played,
    prop,
    stage,
    states,
)
from tests.cases.doors import body_of, send
from tests.system_in_process import System

DEAL, COMPANY, ADA = 479000000160, 421000000567, 713000000559
OPPORTUNITY, ACCOUNT = "006Zz0000000201IAA", "001Zz0000000101IAA"


def iso(minute: float) -> str:
    return at(minute).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def hubspot(minute: float = 8, **properties: Any) -> System:
    """Return a system beside a HubSpot that has a deal, its company and a contact of both."""
    system = System()
    shelf = system.lookups.open_shelf("hubspot")
    deal = {
        "dealname": "Rollout", "dealstage": "contractsent", "pipeline": "default",
        "amount": "5000.00", "deal_currency_code": "EUR", "hubspot_owner_id": "88800095",
        "hs_is_closed": False, "hs_is_closed_won": False, "closedate": "2027-01-01T00:00:00Z",
    }  # fmt: skip
    shelf.put("deal", str(DEAL), {
        "updatedAt": iso(minute), "properties": deal | properties,
        "associations": {
            "company": [{"id": "421000000570"}, {"id": str(COMPANY), "primary": True}],
            "contact": [{"id": str(ADA)}],
        },
    })  # fmt: skip
    company = {"name": "Acme", "domain": "acme.example", "numberofemployees": "900"}
    shelf.put("company", str(COMPANY), {"updatedAt": iso(-90_000), "properties": company})
    reseller = {"name": "Other", "domain": "other.example"}
    shelf.put("company", "421000000570", {"updatedAt": iso(-90_000), "properties": reseller})
    person = {"email": "ada@acme.example", "firstname": "Ada", "jobtitle": "CTO", "phone": None}
    shelf.put("contact", str(ADA), {
        "updatedAt": iso(-60), "properties": person,
        "associations": {"company": [{"id": str(COMPANY), "primary": True}]},
    })  # fmt: skip
    return system


def salesforce(**fields: Any) -> System:
    system = System()
    shelf = system.lookups.open_shelf("salesforce")
    stamp = at(8).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    opportunity = {
        "Id": OPPORTUNITY, "SystemModstamp": stamp, "Name": "400 seats", "Amount": 50000.0,
        "StageName": "Negotiation/Review", "AccountId": ACCOUNT, "CloseDate": "2027-01-29",
        "IsClosed": False, "IsWon": False, "OwnerId": "005Zz0000000012IAA",
    }  # fmt: skip
    shelf.put("Opportunity", OPPORTUNITY, opportunity | fields)
    shelf.put("Account", ACCOUNT, {
        "Id": ACCOUNT, "SystemModstamp": stamp, "Name": "Acme", "Website": "https://acme.example",
        "NumberOfEmployees": 900, "OwnerId": "005Zz0000000011IAA",
    })  # fmt: skip
    return system


@pytest.mark.parametrize(
    "notice",
    [
        hub(9, "deal.creation", DEAL),
        hub(9, "object.creation", DEAL, objectTypeId="0-3"),
        prop(9, "deal", DEAL, "dealstage", "contractsent"),
        prop(9, "deal", DEAL, "amount", "5000"),
        hub(9, "deal.restore", DEAL),
    ],
    ids=["creation", "generic creation", "stage", "amount", "restore"],
)
def test_a_hubspot_deal_notice_without_a_company_reaches_the_right_account(notice: Any) -> None:
    system = played(notice, system=hubspot())

    (found,) = deals(system).values()
    assert (found.state.value, found.amount, found.currency) == ("open", 5000, "EUR")
    assert (found.owner, found.close_date) == ("88800095", "2027-01-01")
    assert (account(system).trait("name"), stage(system)) == ("Acme", "opportunity")
    assert states(system, "other.example") == {}


def test_a_stage_of_ones_own_pipeline_is_read_with_what_it_means() -> None:
    own = {"dealstage": "1038553759", "hs_is_closed": True, "hs_is_closed_won": True}

    system = played(prop(9, "deal", DEAL, "dealstage", "1038553759"), system=hubspot(**own))

    assert (states(system), stage(system)) == ({str(DEAL): "won"}, "customer")


@pytest.mark.parametrize("verb", ["GAP_UPDATE", "GAP_CREATE", "GAP_UNDELETE"])
def test_a_gap_of_salesforce_leads_to_the_accounts_right_state(verb: str) -> None:
    system = played(cdc(9, "Opportunity", verb, OPPORTUNITY), system=salesforce())

    (found,) = deals(system).values()
    assert (found.state.value, found.amount, found.owner) == ("open", 50000, "005Zz0000000012IAA")
    assert stage(system) == "opportunity"


def test_a_gap_after_other_words_says_how_things_are_now() -> None:
    system = salesforce(StageName="Closed Won", IsClosed=True, IsWon=True, Amount=None)
    played(
        cdc(1, "Account", "CREATE", ACCOUNT, Website="acme.example", changed=[]),
        cdc(2, "Opportunity", "CREATE", OPPORTUNITY, AccountId=ACCOUNT, StageName="Prospecting",
            IsClosed=False, IsWon=False, Amount=7, changed=[]),
        cdc(9, "Opportunity", "GAP_UPDATE", OPPORTUNITY),
        system=system,
    )  # fmt: skip

    (found,) = deals(system).values()
    assert (found.state.value, found.amount, stage(system)) == ("won", None, "customer")


def test_an_update_that_names_no_account_finds_it_and_one_that_is_known_asks_nobody() -> None:
    system = played(
        cdc(9, "Opportunity", "UPDATE", OPPORTUNITY, StageName="Negotiation/Review"),
        system=salesforce(),
    )
    asked = len(system.lookups.shelves["salesforce"].calls)

    played(cdc(20, "Opportunity", "UPDATE", OPPORTUNITY, Amount=60000.0), system=system)

    assert (deals(system)[OPPORTUNITY].amount, stage(system)) == (60000, "opportunity")
    assert len(system.lookups.shelves["salesforce"].calls) == asked


def test_an_older_read_takes_nothing_back_that_a_later_notice_said() -> None:
    system = hubspot(minute=8, amount="5000")

    played(prop(9, "deal", DEAL, "amount", "7000"), system=system)

    assert deals(system)[str(DEAL)].amount == 7000


def test_a_burst_about_one_deal_is_one_question_and_asking_twice_is_one_signal() -> None:
    system = hubspot()
    burst = [prop(9, "deal", DEAL, "amount", str(n)) for n in range(4000, 4020)]

    system.play(*burst)
    first = len(system.lookups.shelves["hubspot"].calls)
    logged = {s.signal_id for s in system.logged()}
    system.play(hub(30, "deal.creation", DEAL))

    assert first == 4  # The deal, its companies, its contacts, and those companies.
    assert {s.signal_id for s in system.logged()} - logged == {
        hub(30, "deal.creation", DEAL).signal_id
    }


def test_a_record_that_is_gone_is_kept_as_not_found_and_holds_up_nobody() -> None:
    system = hubspot()

    system.play(hub(9, "deal.creation", 404), hub(9, "deal.creation", DEAL))

    gone = [s for s in system.logged() if s.name == "deal.not_found"]
    assert [(s.kind, s.properties["object_id"]) for s in gone] == [(SignalKind.UNMAPPED, "404")]
    assert list(deals(system)) == [str(DEAL)]


def test_a_busy_system_is_asked_again_and_no_decision_waits_for_it() -> None:
    system = hubspot()
    system.lookups.shelves["hubspot"].troubles += ["burst", "broken"]

    system.play(hub(9, "deal.creation", DEAL))
    assert (account_ids(system), len(system.lookups.waiting)) == (set(), 1)
    system.play()
    system.play()

    assert (states(system), system.lookups.waiting) == ({str(DEAL): "open"}, [])


def account_ids(system: System) -> set[str]:
    return {r.pk for r in system.tables["identity"].scan() if r.pk == f"ACCOUNT#{ACME}"}


ACME = node_id("acme.example")


@pytest.mark.parametrize("trouble", ["expired", "scope"])
def test_who_is_refused_parks_the_question_with_who_must_act_and_asks_again(trouble: str) -> None:
    system = hubspot()
    system.lookups.shelves["hubspot"].troubles += [trouble]

    system.play(hub(9, "deal.creation", DEAL))
    (body,), (reason,) = system.parking.bodies, system.parking.reasons
    system.queue.bodies.append(body)
    system.unify(system.later(hours=1))

    assert "lookup/hubspot" in str(reason)
    assert "token" in str(reason)
    assert states(system) == {str(DEAL): "open"}


def test_a_test_payload_and_a_switched_off_system_ask_nobody() -> None:
    off = System(changed(systems__hubspot='why = "not connected"\nreads = false\n'))
    off.lookups.open_shelf("hubspot")
    on = hubspot()

    played(hub(9, "deal.creation", DEAL), system=off)
    played(hub(9, "contact.creation", 123, eventId=100, changeFlag="NEW"), system=on)

    assert off.lookups.shelves["hubspot"].calls == on.lookups.shelves["hubspot"].calls == []


def test_another_tenants_record_is_not_asked_for_with_a_token_that_is_not_its_own() -> None:
    page = f'why = "one portal"\nreads = true\n[[tenants]]\nid = "{PORTAL + 1}"\n'
    system = System(changed(systems__hubspot=page))
    system.lookups.open_shelf("hubspot")

    played(hub(9, "deal.creation", DEAL), system=system)

    assert system.lookups.shelves["hubspot"].calls == []
    assert f"list the tenant {PORTAL}" in str(system.parking.reasons[0])


def test_a_contact_that_is_only_a_number_becomes_a_person_of_their_company() -> None:
    system = played(hub(9, "contact.creation", ADA), system=hubspot())

    ada = system.profile("email:ada@acme.example")
    assert (ada.trait("title"), ada.account_id) == ("CTO", ACME)
    assert account(system).trait("employees") == 900


def test_the_answers_of_a_meta_lead_make_a_person_and_count_once() -> None:
    system = System()
    lead = body_of("meta", "rd-lead-custom-questions")
    system.lookups.open_shelf("meta").put("lead", "233000000045346", lead | {"id": "2330"})
    notice = body_of("meta", "wh-leadgen-paid")

    played(send("meta", notice, at(0)), system=system)

    ada = system.profile("email:ada.quill@northwind-reed.example")
    assert ada.counts["lead_submitted"] == 1
    assert "meta_id:233000000045346" in {i.key for i in ada.identifiers}
    answered = next(s for s in system.logged() if s.name == "leadgen.read")
    assert answered.properties["disclaimers.optional_2"] is False
    assert ada.consents == ()


def test_the_answers_of_a_linkedin_lead_are_named_by_its_form() -> None:
    system = System()
    shelf = system.lookups.open_shelf("linkedin")
    shelf.put("lead", "1a2b3c-4", body_of("linkedin", "rd-lead-form-response"))
    named = {307000246: "EMAIL", 107000246: "FIRST_NAME", 207000246: "LAST_NAME"}
    questions = [{"questionId": n, "predefinedField": f} for n, f in named.items()]
    choice = {"options": [{"id": 0, "text": {"localized": {"en_US": "This quarter"}}}]}
    questions.append({
        "questionId": 707000246, "question": {"localized": {"en_US": "When do you buy?"}},
        "questionDetails": {"multipleChoiceQuestionDetails": choice},
    })  # fmt: skip
    shelf.put("form", "7000246", {"id": 7000246, "content": {"questions": questions}})

    played(send("linkedin", body_of("linkedin", "wh-lead-created"), at(0)), system=system)

    ada = system.profile("email:ada.quill@northwind-reed.example")
    answered = next(s for s in system.logged() if s.name == "LEAD_ACTION.read")
    assert ada.trait("first_name") == "Ada"
    assert answered.properties["answers.When do you buy?"] == ("This quarter",)
    assert answered.properties["disclaimers.4"] is False
