"""Further bodies of vendors, and what a reader must make of them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.webhook.registry import source_named
from functions.webhook.request import request_to
from tests.cases.doors import body_of, consents, keys, one, send
from tests.system_in_process import System

NOW = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("door", "name", "kinds"),
    [
        ("hubspot", "wh-generic-contact-propertychange", ["contact_changed"]),
        (
            "hubspot",
            "wh-batch-creation-contact-company-deal",
            ["contact_changed", "company_changed", "deal_changed"],
        ),
        ("hubspot", "wh-deal-propertychange-dealstage-numeric", ["deal_changed"]),
        ("meta", "wh-leadgen-paid", ["lead_submitted"]),
        ("sendgrid", "wh-delivered-tls", ["email_delivered"]),
        ("sendgrid", "wh-processed-pool", ["email_sent"]),
        ("ses", "eb-open", ["email_opened"]),
        ("ses", "eb-bounce-permanent-suppressed", ["email_bounced"]),
        ("ses", "eb-subscription-all", ["email_unsubscribed"]),
        ("ses", "sns-inbound-s3", ["unmapped"]),
        ("ses", "eb-reject", ["unmapped"]),
        ("segment", "wh-identify", ["identify"]),
    ],
)
def test_a_body_has_its_kind(door: str, name: str, kinds: list[str]) -> None:
    assert [s.kind.value for s in send(door, body_of(door, name), NOW)] == kinds


def test_one_save_of_several_properties_is_one_contact() -> None:
    system = System()
    system.play(*send("hubspot", body_of("hubspot", "wh-contact-propertychange-batch"), NOW))

    (person,) = system.people().values()
    held = [i.key for i in person.identifiers]
    assert held == ["email:ada.quill@northwind-reed.example", "hubspot_id:713000000559"]
    assert person.trait("owner") == "88800095"
    assert person.trait("lifecycle_stage") == "marketingqualifiedlead"


def test_a_stage_of_ones_own_pipeline_stays_a_text_of_digits() -> None:
    deal = one("hubspot", body_of("hubspot", "wh-deal-propertychange-dealstage-numeric"), NOW)

    assert deal.properties["dealstage"] == "1038553759"


def test_what_an_integration_is_allowed_is_no_consent() -> None:
    clash = one("segment", body_of("segment", "wh-consent-integrations-clash"), NOW)
    listed = one("segment", body_of("segment", "wh-identify"), NOW)

    assert consents(clash) == {"advertising": True, "analytics": False}
    assert consents(listed) == {}


def test_own_arguments_and_objects_of_a_mail_event_are_kept() -> None:
    tls = one("sendgrid", body_of("sendgrid", "wh-delivered-tls"), NOW)
    pool = one("sendgrid", body_of("sendgrid", "wh-processed-pool"), NOW)

    assert (tls.properties["custom1"], tls.properties["tls"]) == ("value1", 1)
    assert pool.properties["pool.name"] == "new_MY_test"


def test_an_open_of_a_mail_to_several_names_nobody() -> None:
    event: Any = body_of("ses", "eb-open")
    event["detail"]["mail"]["destination"].append("rick@customer.example")

    assert keys(one("ses", event, NOW)) == []


def test_linkedins_challenge_is_answered_as_often_as_it_comes() -> None:
    said = body_of("linkedin", "wh-challenge")
    code = said["query"]["challengeCode"]
    request = request_to("GET", f"https://h/hooks/linkedin?challengeCode={code}", {}, b"")
    challenge = source_named("linkedin").challenge
    assert challenge is not None

    replies = [challenge(request, ("li-client-secret-invented-000001",)) for _ in range(2)]

    assert [json.loads(reply.body) for reply in replies] == [said["answer"]] * 2
