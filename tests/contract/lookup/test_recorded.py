"""Readers meet the bodies that the vendors print or that were recorded: answers and refusals."""

import json
from itertools import pairwise
from typing import Any

import pytest

from functions.lookup.read import read
from functions.lookup.reader import BusyError, RefusedReadError
from mos.errors import UnavailableError
from mos.events import ReadNeeded
from mos.model.lookup import ReadReason, RecordName
from tests.builders import NOON, starter
from tests.cases.doors import body_of
from tests.contract.lookup.asking import ask, question, reply

DEAL = question("hubspot", "deal", "479000000160")
LEAD = question("meta", "lead", "1023000000012345")
FORM = question("linkedin", "lead", "urn:li:leadGenFormResponse:1a2b3c-4")
OPPORTUNITY = question("salesforce", "Opportunity", "006Zz0000000201IAA", "006Zz0000000202IAA")
SESSION = "er-190-session-expired"


def ids(found: Any) -> set[str]:
    return {name.record_id for name in found}


def test_half_an_answer_is_an_answer_and_what_it_does_not_give_is_not_there() -> None:
    asked = question("hubspot", "company", "421000000567", "421000009999")

    answer, _ = ask(asked, reply(body_of("hubspot", "rd-batch-read-companies-207"), 207))

    assert ids(answer.found) == {"421000000567"}
    assert ids(answer.missing) == {"421000009999"}


def test_a_deals_associations_are_read_to_the_last_page_and_each_company_once() -> None:
    deal = body_of("hubspot", "rd-deal-no-associations")
    types = body_of("hubspot", "rd-associations-v4-list")["results"]

    def page(to: list[Any], after: str = "") -> Any:
        more = {"paging": {"next": {"after": after}}} if after else {}
        return reply({"results": [{"from": {"id": "479000000160"}, "to": to} | more]}, 207)

    primary = {"toObjectId": 421000000570, "associationTypes": [{"typeId": 5}]}
    answer, calls = ask(
        DEAL,
        reply({"results": [deal]}),
        page([types[0]], "1"),
        page([{**types[0], "associationTypes": [{"typeId": 341}]}, primary]),
        reply({"results": [], "errors": [{"category": "OBJECT_NOT_FOUND"}]}, 207),
        reply({"results": [body_of("hubspot", "rd-company")]}),
    )

    (found,) = (body for name, body in answer.found.items() if name.object == "deal")
    assert found["associations"] == {
        "companies": [
            {"id": "421000000567", "primary": False}, {"id": "421000000570", "primary": True},
        ],
    }  # fmt: skip
    assert json.loads(calls[2].body or b"")["inputs"] == [{"id": "479000000160", "after": "1"}]
    assert {name.object for name in answer.found} == {"company", "deal"}
    assert not any(call.changes for call in calls)


def test_a_property_that_a_portal_does_not_have_is_left_out_of_a_second_question() -> None:
    asked = question("hubspot", "company", "421000000567", fields=("first000name", "last000name"))
    refused = reply(body_of("hubspot", "er-400-unknown-property"), 400)

    answer, calls = ask(asked, refused, reply({"results": [body_of("hubspot", "rd-company")]}))

    properties = json.loads(calls[1].body or b"")["properties"]
    assert "domain" in properties
    assert not {"first000name", "last000name"} & set(properties)
    assert ids(answer.found) == {"421000000567"}


def test_another_portals_record_under_the_same_number_is_refused() -> None:
    asked = question("hubspot", "company", "421000000567", tenant="90000002")

    with pytest.raises(RefusedReadError, match="portal 90000001"):
        ask(asked, reply({"results": [body_of("hubspot", "rd-company")]}))


@pytest.mark.parametrize(
    ("asked", "vendor", "name", "status", "headers", "seconds"),
    [
        (DEAL, "hubspot", "er-429-ten-secondly", 429, {
            "x_hubspot_ratelimit_interval_milliseconds": "10000"}, 10),
        (DEAL, "hubspot", "er-429-category-only", 429, {}, 10),
        (DEAL, "hubspot", "er-429-category-only", 429, {"retry_after": "1500"}, 1.5),
        (DEAL, "hubspot", "er-429-daily", 429, {}, 3600),
        (DEAL, "hubspot", "er-429-daily", 429, {"retry_after": "120"}, 120),
        (OPPORTUNITY, "salesforce", "er-403-request-limit-exceeded", 403, {}, 3600),
        (LEAD, "meta", "er-613-rate", 400, {}, 300),
        (FORM, "linkedin", "er-429-throttle-day", 429, {}, 3600),
        (FORM, "linkedin", "er-429-throttle-decorated", 200, {}, 60),
    ],
)  # fmt: skip
def test_who_is_busy_says_for_how_long(
    asked: Any, vendor: str, name: str, status: int, headers: dict[str, str], seconds: float
) -> None:
    with pytest.raises(BusyError) as busy:
        ask(asked, reply(body_of(vendor, name), status, **headers))

    assert busy.value.seconds == seconds


@pytest.mark.parametrize(
    ("asked", "vendor", "name", "status"),
    [
        (DEAL, "hubspot", "er-401-expired-authentication", 401),
        (DEAL, "hubspot", "er-400-unknown-object-type", 400),
        (DEAL, "hubspot", "er-400-duplicate-ids-in-batch", 400),
        (OPPORTUNITY, "salesforce", "er-401-session-expired", 401),
        (OPPORTUNITY, "salesforce", "er-401-invalid-auth-header", 401),
        (OPPORTUNITY, "salesforce", "er-400-unknown-object", 400),
        (LEAD, "meta", f"{SESSION}-400", 400),
        (LEAD, "meta", f"{SESSION}-401", 401),
        (LEAD, "meta", "er-200-permission", 403),
        (LEAD, "meta", "er-100-invalid-parameter", 400),
        (FORM, "linkedin", "er-426-nonexistent-version", 426),
        (FORM, "linkedin", "er-400-invalid-params", 400),
    ],
)
def test_who_refuses_is_told_with_who_must_act_and_none_of_the_vendors_words(
    asked: Any, vendor: str, name: str, status: int
) -> None:
    body = body_of(vendor, name)

    with pytest.raises(RefusedReadError) as refused:
        ask(asked, reply(body, status))

    said = json.dumps(body)
    assert not any(f"{word} {more}" in said for word, more in _pairs(refused.value.detail))


def _pairs(text: str) -> list[tuple[str, str]]:
    words = text.split()
    return [(a, b) for a, b in pairwise(words) if len(a + b) > 14]


@pytest.mark.parametrize(
    ("asked", "body", "status"),
    [
        (DEAL, {"status": "error"}, 502),
        (OPPORTUNITY, body_of("salesforce", "er-503-server-unavailable"), 503),
        (OPPORTUNITY, [body_of("salesforce", "er-503-server-unavailable")], 503),
        (LEAD, body_of("meta", "er-1-unknown"), 500),
        (FORM, {"status": 500}, 500),
    ],
    ids=["hubspot", "salesforce", "salesforce in an array", "meta", "linkedin"],
)
def test_who_is_broken_is_asked_again(asked: Any, body: Any, status: int) -> None:
    with pytest.raises(UnavailableError):
        ask(asked, reply(body, status))


@pytest.mark.parametrize(
    ("asked", "body", "status"),
    [
        (LEAD, body_of("meta", "er-803-alias"), 404),
        (FORM, {"status": 404, "code": "NOT_FOUND"}, 404),
    ],
    ids=["meta", "linkedin"],
)
def test_what_is_not_there_is_missing(asked: Any, body: Any, status: int) -> None:
    answer, _ = ask(asked, reply(body, status))

    assert (dict(answer.found), ids(answer.missing)) == ({}, set(asked.ids))


def test_an_opportunity_comes_with_its_roles_and_one_in_the_bin_is_missing() -> None:
    body = body_of("salesforce", "rest-query-opportunity-with-contact-roles")

    answer, calls = ask(OPPORTUNITY, reply(body))

    (record,) = answer.found.values()
    assert [one["Role"] for one in record["OpportunityContactRoles"]["records"]] == [
        "Decision Maker", "Influencer",
    ]  # fmt: skip
    assert ids(answer.missing) == {"006Zz0000000202IAA"}
    assert len(calls) == 1


def test_a_column_that_an_org_does_not_have_is_left_out_of_a_second_question() -> None:
    error = [{"message": "No such column 'CurrencyIsoCode' on sobject of type Opportunity",
              "errorCode": "INVALID_FIELD"}]  # fmt: skip
    body = body_of("salesforce", "rest-query-opportunity-no-roles")

    answer, calls = ask(OPPORTUNITY, reply(error, 400), reply(body))

    assert "CurrencyIsoCode" in calls[0].url
    assert "CurrencyIsoCode" not in calls[1].url
    assert ids(answer.found) == {"006Zz0000000202IAA"}


@pytest.mark.parametrize(
    ("system", "kind", "record"),
    [
        ("salesforce", "Opportunity", "006') OR (Name != 'x"),
        ("salesforce", "Task", "00TZz0000000201IAA"),
        ("hubspot", "ticket", "1"),
        ("meta", "lead", "1/../me"),
        ("linkedin", "lead", "urn:li:person:1"),
    ],
)
def test_what_is_no_records_name_is_never_asked_for(system: str, kind: str, record: str) -> None:
    with pytest.raises(RefusedReadError):
        ask(question(system, kind, record))


@pytest.mark.parametrize(
    ("system", "kind", "record"),
    [("hubspot", "deal", "1"), ("salesforce", "Account", "001Zz0000000101IAA"),
     ("meta", "lead", "1"), ("linkedin", "lead", "urn:li:leadGenFormResponse:1a-4")],
)  # fmt: skip
@pytest.mark.parametrize(
    "body",
    [[], "x", 1, None, {"results": [{"x": 1}]}, {"results": 1}, {"records": [{}]}, {"records": 1},
     {"error": "x"}],
    ids=str,
)  # fmt: skip
def test_an_answer_of_another_form_is_refused_and_fails_no_other(
    system: str, kind: str, record: str, body: Any
) -> None:
    event = ReadNeeded(
        event_id="e", cause_id="s", trace_id="s", occurred_at=NOON, why=ReadReason.GAP,
        record=RecordName(system=system, object=kind, record_id=record),
    )  # fmt: skip

    made = read({"m": event}, starter(), lambda _: reply(body), lambda _: "https://acme.example")

    assert made.again == {}
    assert bool(made.refused) != bool(made.answers)
