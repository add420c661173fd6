"""What bodies mean: identifiers, traits, consent, times and bounds, source by source."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.webhook.draft import Delivery, message
from functions.webhook.registry import source_named
from functions.webhook.request import request_to
from functions.webhook.source import Translation
from mos.errors import MalformedError
from mos.events import SignalReceived
from mos.model.consent import Basis, Purpose
from mos.model.signal import Actor, Signal, SignalKind, Trust

NOW = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)


def translated(name: str, body: Any, path: str = "/hooks/x") -> Translation:
    headers = {"webhook-id": "msg_1", "webhook-timestamp": "1772442000"}
    raw = json.dumps(body).encode()
    request = request_to("POST", f"https://hooks.example.com{path}", headers, raw)
    return source_named(name).translate(request, body, Delivery(name, Trust.SIGNED, NOW))


def one(name: str, body: Any, path: str = "/hooks/x") -> Signal:
    (signal,) = translated(name, body, path).signals
    return signal


def said(kind: str, **data: Any) -> Signal:
    return one("standard-webhooks", {"type": kind, "data": data})


def keys(signal: Signal) -> list[str]:
    return [identifier.key for identifier in signal.identifiers]


def test_segment_corrects_the_senders_clock() -> None:
    skewed = one(
        "segment",
        {
            "type": "track",
            "originalTimestamp": "2026-03-02T12:00:00Z",
            "sentAt": "2026-03-02T12:00:10Z",
            "receivedAt": "2026-03-02T09:00:00Z",
            "timestamp": "2026-03-02T12:00:00Z",
        },
    )

    assert skewed.occurred_at == datetime(2026, 3, 2, 8, 59, 50, tzinfo=UTC)


def test_nothing_happens_after_we_hear_of_it() -> None:
    assert one("segment", {"type": "page", "timestamp": "2999-01-01T00:00:00Z"}).occurred_at == NOW


def test_segment_consent_names_purposes_and_leaves_functional_out() -> None:
    preferences = {"Advertising": True, "Marketing": True, "email": False, "Functional": True}
    signal = one(
        "segment", {"type": "track", "context": {"consent": {"categoryPreferences": preferences}}}
    )

    assert {g.purpose: g.granted for g in signal.consent} == {
        Purpose.ADVERTISING: True,
        Purpose.EMAIL_MARKETING: False,
    }


def test_a_segment_group_is_about_the_account() -> None:
    signal = one(
        "segment",
        {
            "type": "group",
            "groupId": "g-1",
            "userId": "u-1",
            "traits": {"name": "Acme", "website": "https://www.ACME.com", "email": "info@acme.com"},
        },
    )

    assert keys(signal) == ["user_id:u-1", "group_id:g-1"]
    assert signal.identifiers[1].collection == "accounts"
    assert signal.company == {"name": "Acme", "domain": "acme.com", "email": "info@acme.com"}


def test_an_address_that_is_none_stays_a_trait() -> None:
    signal = one("segment", {"type": "identify", "userId": "u", "traits": {"email": "not-one"}})

    assert (keys(signal), signal.traits) == (["user_id:u"], {"email": "not-one"})


def test_a_segment_alias_names_both_ids() -> None:
    signal = one("segment", {"type": "alias", "userId": "u-1", "previousId": "a-1"})

    assert keys(signal) == ["user_id:u-1", "anonymous_id:a-1", "user_id:a-1"]


def test_long_texts_are_cut_and_named() -> None:
    signal = said("lead.submitted", traits={"bio": "x" * 3000}, properties={"a": {"b": 1}})

    assert len(str(signal.traits["bio"])) == 2000
    assert signal.properties == {"a.b": 1, "cut": ("traits.bio",)}


def test_there_are_at_most_a_hundred_facts_and_twenty_identifiers() -> None:
    signal = said(
        "lead.submitted",
        traits={f"t{n}": n for n in range(500)},
        identifiers=[{"type": "crm_id", "value": str(n)} for n in range(50)],
    )

    assert (len(signal.traits), len(signal.identifiers)) == (100, 20)


def test_no_signal_is_larger_than_the_queue_can_carry() -> None:
    with pytest.raises(MalformedError, match="larger"):
        said("lead.submitted", traits={f"t{n}": "é" * 2000 for n in range(100)})


def test_a_message_is_ascii_and_reads_back_as_the_same_signal() -> None:
    signal = said("lead.submitted", name="Zoë \uffff 😀", email="zoë@example.com")

    sent = message(signal)

    assert sent.isascii()
    assert SignalReceived.parse(sent).signal == signal


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("lead.created", SignalKind.LEAD_SUBMITTED),
        ("lead.submitted", SignalKind.LEAD_SUBMITTED),
        ("contact.updated", SignalKind.CONTACT_CHANGED),
        ("email.replied", SignalKind.EMAIL_REPLIED),
        ("meeting.booked", SignalKind.MEETING_BOOKED),
        ("task.accepted", SignalKind.TASK_ACCEPTED),
        ("task.rejected", SignalKind.TASK_REJECTED),
        ("opportunity.created", SignalKind.DEAL_CHANGED),
        ("deal.updated", SignalKind.DEAL_CHANGED),
        ("consent.changed", SignalKind.CONSENT_CHANGED),
        ("role.inferred", SignalKind.ROLE_INFERRED),
        ("erasure.requested", SignalKind.ERASURE_REQUESTED),
        ("invoice.paid", SignalKind.UNMAPPED),
    ],
)
def test_a_standard_type_has_its_meaning(kind: str, meant: SignalKind) -> None:
    signal = said(kind, email="ada@example.com", action_id="act_1", decision_id="dec_1")

    assert (signal.kind, signal.name, keys(signal)) == (meant, kind, ["email:ada@example.com"])
    assert signal.properties == {"action_id": "act_1", "decision_id": "dec_1"}


def test_consent_carries_its_basis_and_place() -> None:
    signal = said(
        "consent.changed", consent={"email_marketing": True}, basis="contract", jurisdiction="DE"
    )

    (grant,) = signal.consent
    assert (grant.granted, grant.basis, grant.jurisdiction) == (True, Basis.CONTRACT, "DE")


@pytest.mark.parametrize(
    "data",
    [
        {"consent": {"email_marketing": "yes"}},
        {"consent": {"email_marketing": True}, "basis": "hope"},
        {"actor": "ghost"},
        {"is_test": "perhaps"},
        {"properties": [1]},
        {"provenance": "stolen"},
    ],
)
def test_a_field_of_another_type_is_malformed(data: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        said("lead.submitted", **data)


def test_a_contact_role_of_an_opportunity_is_a_humans_word() -> None:
    signal = said(
        "role.confirmed", email="ada@example.com", role="champion", solution="platform", by="ae-1"
    )

    assert signal.kind is SignalKind.ROLE_CONFIRMED
    assert signal.properties == {"role": "champion", "solution": "platform", "by": "ae-1"}
    assert "role" not in signal.traits


def test_an_inferred_role_is_a_property_with_its_evidence() -> None:
    signal = said("role.inferred", user_id="u", role="champion", confidence=0.7, evidence=["s1"])

    assert signal.traits == {}
    assert signal.properties == {"role": "champion", "confidence": 0.7, "evidence": ("s1",)}


def test_a_google_form_sorts_its_answers() -> None:
    columns = {"FULL_NAME": "Ada", "EMAIL": "A@b.co", "COMPANY_NAME": "Acme", "COUNTRY": "GB"}
    signal = one(
        "google-ads",
        {
            "lead_id": "l-1",
            "google_key": "never shown",
            "user_column_data": [
                {"column_id": column, "string_value": value} for column, value in columns.items()
            ],
        },
    )

    assert signal.traits == {"name": "Ada", "email": "A@b.co", "country": "GB"}
    assert signal.company == {"name": "Acme"}
    assert keys(signal) == ["email:a@b.co", "google_ads_id:l-1"]
    assert "never shown" not in message(signal)


@pytest.mark.parametrize(
    ("payload", "event", "half"),
    [
        ({"rescheduled": True}, "invitee.canceled", "old"),
        ({"old_invitee": "https://…/I1"}, "invitee.created", "new"),
        ({}, "invitee.created", None),
    ],
)
def test_both_halves_of_a_reschedule_say_so(
    payload: dict[str, Any], event: str, half: str | None
) -> None:
    signal = one("calendly", {"event": event, "payload": payload})

    assert signal.properties.get("reschedule_half") == half


def test_a_routing_form_without_a_meeting_still_names_the_person() -> None:
    answers = [{"question": "Email", "answer": "Ada@example.com"}]
    signal = one(
        "calendly",
        {
            "event": "routing_form_submission.created",
            "payload": {"uri": "u", "questions_and_answers": answers},
        },
    )

    assert (signal.kind, keys(signal)) == (
        SignalKind.ROUTING_FORM_SUBMITTED,
        ["email:ada@example.com"],
    )


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"sg_machine_open": True}, "sg_machine_open"),
        ({"useragent": "Mozilla/5.0"}, "apple_mail_privacy"),
        ({"useragent": "Barracuda Sentinel (EE)"}, "user_agent_of_a_machine"),
    ],
)
def test_a_machine_that_opens_is_no_reader(event: dict[str, Any], reason: str) -> None:
    signal = one("sendgrid", [{"event": "open", "email": "a@b.co", **event}])

    assert (signal.actor, signal.actor_reason) == (Actor.MACHINE, reason)


@pytest.mark.parametrize("event", ["unsubscribe", "group_unsubscribe", "spamreport"])
def test_an_unsubscribe_withdraws_consent(event: str) -> None:
    signal = one("sendgrid", [{"event": event, "email": "a@b.co"}])

    assert [(g.purpose, g.granted) for g in signal.consent] == [(Purpose.EMAIL_MARKETING, False)]


def test_a_group_resubscribe_grants_nothing() -> None:
    signal = one("sendgrid", [{"event": "group_resubscribe", "email": "a@b.co"}])

    assert (signal.kind, signal.consent) == (SignalKind.CONSENT_CHANGED, ())


def test_an_ses_complaint_withdraws_and_an_open_by_one_of_several_names_nobody() -> None:
    mail = {"messageId": "m", "destination": ["a@b.co", "c@d.co"]}
    complaint = {"complainedRecipients": [{"emailAddress": "a@b.co"}]}

    angry = one("ses", {"eventType": "Complaint", "mail": mail, "complaint": complaint})
    opened = one("ses", {"eventType": "Open", "mail": mail, "open": {}})

    assert (keys(angry), angry.consent[0].granted) == (["email:a@b.co"], False)
    assert keys(opened) == []


@pytest.mark.parametrize("body", [{"a": 1}, {"type": "something.new", "event": "else"}])
@pytest.mark.parametrize(
    "name", ["segment", "meta", "linkedin", "calendly", "standard-webhooks", "ses"]
)
def test_what_nobody_knows_is_kept_as_unmapped(name: str, body: dict[str, Any]) -> None:
    assert one(name, body).kind is SignalKind.UNMAPPED


@pytest.mark.parametrize("name", ["hubspot", "sendgrid"])
def test_an_array_of_unknown_events_is_kept_as_unmapped(name: str) -> None:
    assert one(name, [{"eventId": 1}]).kind is SignalKind.UNMAPPED
