"""Null, empty and withdrawn are three things, and a browser's own no counts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mos.errors import MalformedError
from mos.identity.consents import stops_after
from mos.model.signal import Signal
from tests.builders import NOON
from tests.cases.doors import body_of, consents, one, say, send

ADA = "ada@acme.example"


def segment(consent: Any = ..., **headers: str) -> Signal:
    context = {} if consent is ... else {"consent": consent}
    call = {"type": "track", "event": "x", "messageId": "m", "userId": "u", "context": context}
    return one("segment", call, NOON, **headers)


@pytest.mark.parametrize(
    ("consent", "said", "stated"),
    [
        (..., {}, None),
        (None, {}, "null"),
        ({}, {}, "empty"),
        ([], {}, "empty"),
        ({"categoryPreferences": None}, {}, "empty"),
        ({"categoryPreferences": {}}, {}, "empty"),
        ({"categoryPreferences": {"Advertising": False}}, {"advertising": False}, None),
        ({"categoryPreferences": {"Advertising": True}}, {"advertising": True}, None),
        ({"categoryPreferences": {"Advertising": None}}, {}, None),
        ({"categoryPreferences": {"Advertising": "true"}}, {"advertising": False}, None),
        ({"categoryPreferences": {"Advertising": 1}}, {"advertising": False}, None),
        ({"categoryPreferences": {"Advertising": "no"}}, {"advertising": False}, None),
        ({"categoryPreferences": {"Functional": True}}, {}, None),
    ],
)
def test_an_absent_a_null_an_empty_and_a_withdrawn_consent_are_told_apart(
    consent: Any, said: dict[str, bool], stated: str | None
) -> None:
    signal = segment(consent)

    assert (consents(signal), signal.properties.get("consent_object")) == (said, stated)


@given(st.dictionaries(
    st.sampled_from(["Advertising", "Analytics", "email", "Profiling"]),
    st.one_of(st.none(), st.booleans(), st.text(max_size=8), st.integers(0, 2)),
))  # fmt: skip
def test_nothing_but_true_grants(preferences: dict[str, Any]) -> None:
    granted = [
        p for p, yes in consents(segment({"categoryPreferences": preferences})).items() if yes
    ]

    assert len(granted) == sum(answer is True for answer in preferences.values())


def test_a_browser_that_asks_not_to_be_sold_takes_back_what_its_body_grants() -> None:
    preferences = {"categoryPreferences": {"Advertising": True, "Analytics": True}}

    asked = segment(preferences, **{"Sec-GPC": "1"})

    assert consents(asked) == {"advertising": False, "analytics": True}
    assert asked.properties["gpc"] is True


@pytest.mark.parametrize("value", ["0", "", "true"])
def test_another_value_of_the_header_asks_for_nothing(value: str) -> None:
    assert consents(segment(**{"Sec-GPC": value})) == {}


@pytest.mark.parametrize("door", ["standard-webhooks", "calendly"])
def test_the_header_counts_at_every_door(door: str) -> None:
    bodies: dict[str, Any] = {
        "standard-webhooks": {"type": "lead.submitted", "data": {"email": ADA}},
        "calendly": {"event": "invitee.created", "payload": {"uri": "i", "email": ADA}},
    }

    assert consents(one(door, bodies[door], NOON, **{"Sec-GPC": "1"})) == {"advertising": False}


@pytest.mark.parametrize("word", ["no", "FALSE", "0", "opt-out", "declined", "withdrawn"])
def test_a_word_for_no_is_a_no(word: str) -> None:
    assert consents(say("consent.changed", consent={"email_marketing": word})) == {
        "email_marketing": False
    }


@pytest.mark.parametrize("word", ["yes", "true", "1", "on", "maybe", 1, [True]], ids=repr)
def test_a_word_for_yes_is_none(word: Any) -> None:
    with pytest.raises(MalformedError):
        say("consent.changed", consent={"email_marketing": word})


@pytest.mark.parametrize("answer", [None, ""])
def test_an_open_answer_is_neither(answer: Any) -> None:
    assert consents(say("lead.submitted", email=ADA, consent={"email_marketing": answer})) == {}


def subscription(new: Any, old: Any = None) -> Any:
    return {
        "eventType": "Subscription",
        "subscription": {"contactList": "n", "timestamp": NOON.isoformat(), "source": "x",
                         "newTopicPreferences": new, "oldTopicPreferences": old},
        "mail": {"messageId": "m", "destination": [ADA]},
    }  # fmt: skip


def topic(status: str) -> Any:
    listed = [{"topicName": "t", "subscriptionStatus": status}]
    return {"unsubscribeAll": False, "topicSubscriptionStatus": listed}


@pytest.mark.parametrize(
    ("new", "old", "kind"),
    [
        (topic("OptOut"), topic("OptIn"), "email_unsubscribed"),
        (topic("OPT_OUT"), topic("OPT_IN"), "email_unsubscribed"),
        (topic("OptOut"), None, "email_unsubscribed"),
        ({"unsubscribeAll": True, "topicSubscriptionStatus": None}, None, "email_unsubscribed"),
        ({"unsubscribeAll": "true"}, None, "email_unsubscribed"),
        (topic("OptOut"), topic("OptOut"), "consent_changed"),
        (topic("OptIn"), topic("OptOut"), "consent_changed"),
        ({"unsubscribeAll": False}, {"unsubscribeAll": True}, "consent_changed"),
    ],
)
def test_who_leaves_a_topic_has_withdrawn_and_who_comes_back_has_granted_nothing(
    new: Any, old: Any, kind: str
) -> None:
    signal = one("ses", subscription(new, old))

    assert (signal.kind.value, any(g.granted for g in signal.consent)) == (kind, False)


def test_a_complaint_that_says_not_spam_is_none() -> None:
    complaint = {"complainedRecipients": [{"emailAddress": ADA}], "timestamp": NOON.isoformat()}
    body = {"eventType": "Complaint", "complaint": complaint,
            "mail": {"messageId": "m", "destination": [ADA]}}  # fmt: skip
    wanted = {**body, "complaint": {**complaint, "complaintFeedbackType": "not-spam"}}

    assert consents(one("ses", body)) == {"email_marketing": False}
    assert (one("ses", wanted).kind.value, consents(one("ses", wanted))) == ("unmapped", {})


def test_an_archived_contact_is_left_alone_until_restored_and_an_erased_one_for_ever() -> None:
    contact = body_of("hubspot", "wh-contact-deletion")[0]
    moments = ["contact.deletion", "contact.restore", "contact.privacyDeletion", "contact.deletion",
               "contact.restore"]  # fmt: skip
    held: Any = ()
    stops = []

    for number, name in enumerate(moments):
        event = {**contact, "subscriptionType": name, "eventId": 2073360001 + number}
        held = stops_after(held, one("hubspot", [event]))
        stops.append([stop.reason for stop in held])

    assert stops[:2] == [["archived"], []]
    assert stops[2] == stops[4] == ["erasure_requested"]


def test_an_archive_hides_no_erasure_that_comes_after_it() -> None:
    pair = send("hubspot", body_of("hubspot", "wh-contact-privacydeletion-pair"), NOON)
    restored = one("hubspot", [{**body_of("hubspot", "wh-contact-deletion")[0],
                                "subscriptionType": "contact.restore"}])  # fmt: skip
    for order in (pair, pair[::-1]):
        held: Any = ()
        for signal in (*order, restored):
            held = stops_after(held, signal)

        assert [stop.reason for stop in held] == ["erasure_requested"]
