"""What vendors really send means what they say it does."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.webhook.request import request_to
from mos.errors import RejectedError
from mos.identity.consents import stops_after
from mos.model.signal import Actor, Signal, SignalKind
from tests.cases.doors import BODIES, body_of, consents, keys, one, pass_door, send, translate

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def sent(door: str, name: str) -> list[Signal]:
    return send(door, body_of(door, name), NOW)


def stops(signals: list[Signal]) -> list[tuple[str, str]]:
    held: Any = ()
    for signal in signals:
        held = stops_after(held, signal)
    return [(stop.channel, stop.reason) for stop in held]


@pytest.mark.parametrize(
    ("door", "name", "kinds"),
    [
        ("hubspot", "wh-contact-creation", ["contact_changed"]),
        ("hubspot", "wh-association-change-deal-line-item", ["deal_changed"]),
        ("hubspot", "wh-generic-association-change", ["deal_changed"]),
        ("hubspot", "wh-contact-deletion", ["contact_archived"]),
        ("hubspot", "wh-contact-privacydeletion-pair", ["erasure_requested", "contact_archived"]),
        ("hubspot", "wh-generic-custom-object-batch", ["unmapped", "unmapped"]),
        ("hubspot", "wh-redelivered-out-of-order", ["deal_changed", "deal_changed"]),
        ("meta", "wh-leadgen-batch-two-pages", ["lead_submitted", "unmapped", "lead_submitted"]),
        ("linkedin", "wh-lead-created", ["lead_submitted"]),
        ("linkedin", "wh-lead-deleted", ["lead_deleted"]),
        ("ses", "eb-complaint-bare", ["email_complained"]),
        ("ses", "eb-subscription-topics", ["email_unsubscribed"]),
        ("ses", "eb-rendering-failure", ["unmapped"]),
        ("ses", "eb-delivery-delay", ["unmapped"]),
        ("ses", "sns-bounce-two-recipients", ["email_bounced", "email_bounced"]),
        ("ses", "sns-topic-validated-plain-text", ["unmapped"]),
        ("ses", "sns-subscription-confirmation-forged", ["unmapped"]),
        ("calendly", "wh-invitee-created", ["meeting_booked"]),
        ("calendly", "wh-invitee-canceled", ["meeting_canceled"]),
        (
            "sendgrid",
            "wh-batch-shuffled-duplicate",
            ["email_clicked", "email_delivered", "email_sent"],
        ),
        ("sendgrid", "wh-unique-args-clash", ["email_sent"]),
        ("segment", "wh-consent-preference-updated", ["consent_changed"]),
    ],
)
def test_a_body_has_its_kind(door: str, name: str, kinds: list[str]) -> None:
    assert [signal.kind.value for signal in sent(door, name)] == kinds


@pytest.mark.parametrize(
    ("door", "name", "stopped"),
    [
        ("ses", "eb-bounce-permanent", [("email", "bounced")]),
        ("ses", "eb-bounce-transient-mailboxfull", []),
        ("ses", "eb-bounce-transient-autoreply", []),
        ("ses", "eb-bounce-undetermined", []),
        ("ses", "sns-bounce-two-recipients", [("email", "bounced"), ("email", "bounced")]),
        ("sendgrid", "wh-bounce-blocked", []),
        ("sendgrid", "wh-dropped-unsubscribed", [("email", "unsubscribed")]),
        ("hubspot", "wh-contact-deletion", [("all", "archived")]),
    ],
)
def test_only_what_is_for_good_stops(door: str, name: str, stopped: list[Any]) -> None:
    assert stops(sent(door, name)) == stopped


def test_an_association_is_about_the_record_that_it_starts_from() -> None:
    (line_item,) = sent("hubspot", "wh-association-change-deal-line-item")
    (company,) = sent("hubspot", "wh-generic-association-change")

    assert line_item.properties["deal_id"] == "64050000777"
    assert company.properties["deal_id"] == "479000000160"
    assert (company.properties["to_object"], company.properties["to_object_id"]) == (
        "company", "421000000567",
    )  # fmt: skip


def test_a_cleared_property_is_named_and_never_an_empty_text() -> None:
    (signal,) = sent("hubspot", "wh-contact-propertychange-cleared")

    assert (signal.traits, signal.properties["cleared"]) == ({}, "owner")


@pytest.mark.parametrize(
    ("name", "survivor"),
    [("wh-contact-merge", "713000000999"), ("wh-contact-merge-into-primary", "713000000123")],
)
def test_a_merge_names_the_record_that_is_left(name: str, survivor: str) -> None:
    (signal,) = sent("hubspot", name)

    assert signal.properties["survivor_id"] == survivor
    portal = "hubspot_id:90000001"
    assert {f"{portal}/713000000456", f"{portal}/{survivor}"} <= set(keys(signal))


def test_when_a_task_is_due_is_a_time() -> None:
    (signal,) = sent("hubspot", "wh-generic-task-propertychange-timestamp")

    assert signal.properties["object"] == "task"
    assert signal.properties["hs_timestamp"] == "2026-09-22T15:13:20+00:00"


def test_a_bounce_that_a_topic_carries_is_of_its_recipients_and_of_its_time() -> None:
    first, second = sent("ses", "sns-bounce-two-recipients")

    assert keys(first) + keys(second) == [
        "email:ada.quill@customer.example", "email:rick@customer.example",
    ]  # fmt: skip
    assert first.occurred_at == datetime(2026, 1, 15, 10, 30, 3, 675000, tzinfo=UTC)


def test_a_mail_that_came_in_is_not_about_the_mailboxes_it_came_to() -> None:
    (signal,) = sent("ses", "sns-inbound-base64-spam")

    assert (keys(signal), signal.kind) == ([], SignalKind.UNMAPPED)


def test_a_name_in_one_field_is_not_split() -> None:
    (signal,) = sent("calendly", "wh-created-no-split-name")

    assert signal.traits["name"] == "Ada Quill"
    assert "first_name" not in signal.traits
    assert signal.company == {"name": "Northwind Reed"}


def test_what_a_provider_did_not_send_is_no_answer_of_the_person() -> None:
    (signal,) = sent("sendgrid", "wh-dropped-unsubscribed")

    assert consents(signal) == {"email_marketing": False}
    assert signal.actor is Actor.MACHINE


def test_seconds_in_a_text_are_a_time() -> None:
    assert sent("sendgrid", "wh-unique-args-clash")[0].occurred_at.timestamp() == 1790000027
    assert sent("sendgrid", "wh-single-send-open")[0].occurred_at.timestamp() == 1790000028


@pytest.mark.parametrize(
    ("name", "said", "stated"),
    [
        ("wh-consent-mixed", {"advertising": True, "analytics": False}, None),
        ("wh-consent-none", {}, None),
        ("wh-consent-empty-object", {}, "empty"),
        ("wh-consent-empty-preferences", {}, "empty"),
        ("wh-consent-strings", {"advertising": False, "analytics": False}, None),
        ("wh-consent-preference-updated", {"advertising": False, "analytics": True}, None),
    ],
)
def test_a_consent_object_grants_what_it_says_is_true(
    name: str, said: dict[str, bool], stated: str | None
) -> None:
    (signal,) = sent("segment", name)

    assert (consents(signal), signal.properties.get("consent_object")) == (said, stated)


def test_a_trait_of_a_group_keeps_its_name() -> None:
    assert sent("segment", "wh-group")[0].company["total billed"] == 830


def test_a_question_of_ones_own_is_named_by_its_words() -> None:
    (signal,) = sent("google-ads", "wh-lead-custom-numeric-ids")

    assert signal.properties["answers.When did it happen?"] == "Within the last 30 days"
    assert signal.traits["phone"] == "9165550134"
    assert not any(key.startswith("phone:") for key in keys(signal))


def test_a_lead_without_a_word_on_tests_is_real() -> None:
    (signal,) = sent("google-ads", "wh-lead-live-no-click-id")

    assert (signal.is_test, keys(signal)[0]) == (False, "email:paige@northwind-reed.example")


def test_linkedins_own_signature_fits_its_bytes() -> None:
    raw = (BODIES / "linkedin" / "wh-lead-created.raw").read_bytes()
    proof = "de0fae46795b6ac91e00b491d4bdbfd2daa135c33c8597ed28f99661dfc87b2a"
    request = request_to("POST", "https://h/hooks/linkedin", {"X-LI-Signature": proof}, raw)

    found = pass_door("linkedin", request, ("li-client-secret-invented-000001",), NOW)

    assert keys(found.signals[0]) == ["linkedin_id:urn:li:leadGenFormResponse:1a2b3c-4"]


def test_a_deletion_that_is_sent_again_is_one_and_a_later_one_is_another() -> None:
    body = body_of("linkedin", "wh-lead-deleted")
    later = {**body, "occurredAt": body["occurredAt"] + 1000}

    first, again, other = (one("linkedin", b, NOW).signal_id for b in (body, dict(body), later))

    assert first == again != other


VECTORS = [
    ("vec-empty-signature", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "v1,", "bad_signature"),
    ("vec-no-version", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
     "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "bad_signature"),
    ("vec-reformatted-body", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
     "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "bad_signature"),
    ("vec-old-timestamp", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265029,
     "v1,vdXBwhruSm3autbNQXqcKLHRWx5Llubu4oAbe0Md2Fg=", "stale"),
    ("vec-empty-body", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
     "v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A=", "unmapped"),
    ("vec-thin-contact-created", "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", 1674087231,
     "v1,ARw42xaAApl/nxRo+iPGYwSaMQaOwMo2eyH5JBRA+bQ=", "contact_changed"),
    ("vec-full-contact-created", "msg_2KWPBgLlAfxdpx2AI54pPJ85f4X", 1674087231,
     "v1,4cnPhywj5bU7wLWjyGIaTz12zeCY19+X9Ca5r1tcteI=", "contact_changed"),
    ("vec-utf8-body", "msg_utf8", 1674087231,
     "v1,tdzG5QReJPOu8jmgUz0H62mR74y8ZLeo1kGpuktvi9k=", "contact_changed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "message_id", "sent_at", "proof", "outcome"), VECTORS, ids=[v[0] for v in VECTORS]
)
def test_a_published_vector_ends_as_it_must(
    name: str, message_id: str, sent_at: int, proof: str, outcome: str
) -> None:
    raw = (BODIES / "standard-webhooks" / f"{name}.raw").read_bytes()
    headers = {"webhook-id": message_id, "webhook-timestamp": str(sent_at),
               "webhook-signature": proof}  # fmt: skip
    request = request_to("POST", "https://h/hooks/standard-webhooks", headers, raw)
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330 if "1614265" in str(sent_at) else sent_at, UTC)

    try:
        found = pass_door("standard-webhooks", request, (secret,), at).signals[0].kind.value
    except RejectedError as error:
        found = error.reason

    assert found == outcome


def test_what_is_no_json_is_refused_though_nothing_is_not() -> None:
    with pytest.raises(RejectedError, match="array"):
        translate("hubspot", b"")
