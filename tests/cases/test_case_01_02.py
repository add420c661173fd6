"""Cases 01 and 02: a bounce that passes stops nobody, whoever reports it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import NOON
from tests.cases.doors import say, send
from tests.system_in_process import System

ADA = "ada@acme.example"


def bounced(door: str, body: Any) -> tuple[Any, list[tuple[str, str]]]:
    system = System()
    system.play(say("lead.submitted", email=ADA))
    signals = send(door, body, NOON + timedelta(minutes=5))

    system.play(*signals)

    found = [(s.channel, s.reason) for s in system.profile(ADA).suppressions]
    return signals[0].properties["bounce_type"], found


def sendgrid(**event: Any) -> Any:
    sent = int(NOON.timestamp()) + 60
    return [{"email": ADA, "timestamp": sent, "event": "bounce", "sg_event_id": "e1", **event}]


def ses(kind: str, sub_type: str) -> Any:
    at = (NOON + timedelta(minutes=1)).isoformat()
    recipients = [{"emailAddress": ADA}]
    return {
        "eventType": "Bounce",
        "bounce": {"bounceType": kind, "bounceSubType": sub_type, "timestamp": at,
                   "bouncedRecipients": recipients},
        "mail": {"messageId": "m1", "timestamp": at, "destination": [ADA]},
    }  # fmt: skip


STOP = [("email", "bounced")]


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        ({"type": "blocked", "status": "5.7.1"}, ("transient", [])),
        ({"type": "Blocked"}, ("transient", [])),
        ({"type": "expired"}, ("transient", [])),
        ({"status": "4.2.2"}, ("transient", [])),
        ({"event": "Bounce", "type": "blocked"}, ("transient", [])),
        ({"bounce_classification": "Reputation"}, ("transient", [])),
        ({"type": "bounce", "status": "5.1.1"}, ("permanent", STOP)),
        ({}, ("permanent", STOP)),
        ({"event": "dropped", "reason": "Bounced Address"}, ("permanent", STOP)),
        ({"event": "dropped", "reason": "Spam Content"}, ("dropped", [])),
        ({"event": "dropped", "reason": "Invalid SMTPAPI header"}, ("dropped", [])),
    ],
)
def test_case_01_a_soft_bounce_stops_nobody(event: dict[str, Any], outcome: Any) -> None:
    assert bounced("sendgrid", sendgrid(**event)) == outcome


@pytest.mark.parametrize(
    ("kind", "sub_type", "outcome"),
    [
        ("Transient", "MailboxFull", ("transient", [])),
        ("Transient", "General", ("transient", [])),
        ("Transient", "ContentRejected", ("transient", [])),
        ("Undetermined", "Undetermined", ("undetermined", [])),
        ("Permanent", "NoEmail", ("permanent", STOP)),
        ("Permanent", "OnAccountSuppressionList", ("permanent", STOP)),
    ],
)
def test_case_02_a_full_mailbox_stops_nobody(kind: str, sub_type: str, outcome: Any) -> None:
    assert bounced("ses", ses(kind, sub_type)) == outcome


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        ({"bounce_type": "soft"}, ("transient", [])),
        ({"bounce": {"type": "Transient", "subType": "MailboxFull"}}, ("transient", [])),
        ({"bounceType": "SoftBounce"}, ("transient", [])),
        ({"bounce": {"type": "Permanent", "subType": "Suppressed"}}, ("permanent", STOP)),
        ({"bounce_type": "hard"}, ("permanent", STOP)),
        ({}, ("permanent", STOP)),
    ],
)
def test_case_02_other_senders_say_it_in_their_own_words(data: Any, outcome: Any) -> None:
    body = {"type": "email.bounced", "timestamp": (NOON + timedelta(minutes=1)).isoformat(),
            "data": {"email": ADA, **data}}  # fmt: skip

    assert bounced("standard-webhooks", body) == outcome


def test_case_02_a_passing_bounce_hides_no_later_one_for_good() -> None:
    system = System()
    system.play(say("lead.submitted", email=ADA))
    system.play(*send("ses", ses("Transient", "General"), NOON + timedelta(minutes=2)))

    system.play(*send("sendgrid", sendgrid(type="bounce"), NOON + timedelta(minutes=3)))

    assert [(s.channel, s.reason) for s in system.profile(ADA).suppressions] == STOP
