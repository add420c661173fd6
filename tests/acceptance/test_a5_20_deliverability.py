"""Row A.5.20: a channel whose mails bounce, or are complained about, pauses itself."""

import json
from datetime import timedelta
from typing import Any

import pytest

from mos.events import ActionDelivered, ActionHeld, Event
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.model.signal import Signal, SignalKind
from mos.ports import Moment
from tests.builders import grants, signal
from tests.system_in_process import System

PERMANENT = {"bounceType": "Permanent", "bounceSubType": "General"}
FULL = {"bounceType": "Transient", "bounceSubType": "MailboxFull"}
ABSENT = {"bounceType": "Transient", "bounceSubType": "General"}
OUR_LIST = {"bounceType": "Permanent", "bounceSubType": "OnAccountSuppressionList"}
UNCLEAR = {"bounceType": "Undetermined", "bounceSubType": "Undetermined"}


def form(number: int, minute: float = 0) -> Signal:
    """Somebody of a company of their own, whose form is answered by a mail."""
    site = f"tiny{number}.example"
    return signal(
        SignalKind.LEAD_SUBMITTED, minute=minute, ids=(f"email:jo@{site}",), key=f"jo{number}",
        company={"name": f"Tiny {number}", "domain": site, "employees": 3, "country": "US"},
        traits={"first_name": "Jo"}, consent=grants(Purpose.EMAIL_MARKETING),
    )  # fmt: skip


def mail(system: System, numbers: range) -> list[Event]:
    minute = (system.now - form(0).received_at).total_seconds() / 60
    return system.play(*(form(number, minute) for number in numbers))


def told(system: System, mailed: dict[str, Any], event: str, detail: dict[str, Any]) -> None:
    """Have SES tell of a mail, through EventBridge, as its samples look."""
    to, at = mailed["to"], system.now.isoformat()
    named = "complainedRecipients" if event == "Complaint" else "bouncedRecipients"
    said = {"timestamp": at, named: [{"emailAddress": to}], **detail}
    body = {
        "version": "0", "source": "aws.ses", "detail-type": f"Email {event}",
        "detail": {
            "eventType": event, event.lower(): said,
            "mail": {
                "messageId": f"m-{mailed['tags']['action_id']}", "timestamp": at,
                "destination": [to],
                "tags": {name: [value] for name, value in mailed["tags"].items()},
            },
        },
    }  # fmt: skip
    assert system.take_native(body, system.now).status == 200
    system.unify(system.now)


def counted(system: System) -> dict[str, int]:
    found: dict[str, int] = {}
    for record in system.tables["actions"].scan():
        if record.pk == "REPUTATION#email":
            what = record.sk.rpartition("#")[2]
            found[what] = found.get(what, 0) + int(record.numbers["messages"])
    return found


@pytest.fixture
def storm() -> System:
    """Six mails left, of which five have bounced for good."""
    system = System()
    mail(system, range(6))
    for mailed in list(system.wire.mails[:5]):
        told(system, mailed, "Bounce", PERMANENT)
    return system


def try_to_mail(system: System, number: int) -> ActionHeld | ActionDelivered:
    """Take a form up to its mail, and ask once."""
    minute = (system.now - form(0).received_at).total_seconds() / 60
    system.receive([form(number, minute)])
    [started] = [e for e in system.drain() if hasattr(e, "run_at")]
    system.now = max(system.now, started.run_at)
    event = started
    for layer in ("lifecycle", "policy", "decisioning", "action"):
        event = system.step(layer, event, Moment(system.now, "execution"))
    assert isinstance(event, ActionHeld | ActionDelivered)
    return event


def test_a5_20_a_bounce_storm_pauses_the_channel_by_itself(storm: System) -> None:
    held = try_to_mail(storm, 7)
    shown = storm.ask("switches")

    assert len(storm.wire.mails) == 6
    assert isinstance(held, ActionHeld)
    assert held.held_why.startswith("stopped (channel:email) by deliverability: 5 of 6 messages")
    [row] = shown.data["switches"]
    assert (row["what"], row["by"], row["held"]) == ("channel:email", "deliverability", 1)
    assert "contact/deliverability#ses_bounced" in row["why"]
    assert "@" not in row["why"]


def test_a5_20_only_a_person_lets_it_leave_and_old_numbers_pause_it_no_more(storm: System) -> None:
    late = storm.wire.mails[5]
    storm.later(days=2)
    held = try_to_mail(storm, 7)
    storm.say("go", what="email", why="the list was cleaned", confirm=True)

    told(storm, late, "Bounce", PERMANENT)
    told(storm, late, "Complaint", {"complaintFeedbackType": "abuse"})
    storm.later(minutes=6)
    mail(storm, range(8, 9))

    assert isinstance(held, ActionHeld)
    assert storm.wire.mails[-1]["to"] == "jo@tiny8.example"
    assert [s["is_stopped"] for s in storm.ask("switches").data["switches"]] == [False]


def test_a5_20_what_bounces_after_it_may_leave_again_pauses_it_again(storm: System) -> None:
    storm.later(minutes=1)
    storm.say("go", what="email", why="a try", confirm=True)
    storm.later(minutes=1)
    mail(storm, range(10, 15))
    for mailed in list(storm.wire.mails[6:]):
        told(storm, mailed, "Bounce", PERMANENT)

    [row] = storm.ask("switches").data["switches"]

    assert row["is_stopped"]
    assert row["why"].startswith("5 of 5 messages")


@pytest.mark.parametrize("kind", [FULL, ABSENT, OUR_LIST], ids=["full", "absent", "our_list"])
def test_a5_20_what_passes_costs_nothing(kind: dict[str, str]) -> None:
    system = System()
    mail(system, range(6))
    for mailed in list(system.wire.mails):
        told(system, mailed, "Bounce", kind)

    assert counted(system) == {"sent": 6}
    assert system.ask("switches").data["switches"] == []


def test_a5_20_what_ses_cannot_tell_counts() -> None:
    system = System()
    mail(system, range(5))
    for mailed in list(system.wire.mails):
        told(system, mailed, "Bounce", UNCLEAR)

    assert counted(system) == {"sent": 5, "bounced": 5}
    assert system.ask("switches").data["stopped"] == 1


def test_a5_20_three_complaints_pause_and_each_counts_once() -> None:
    system = System()
    mail(system, range(4))
    first, second, third, _ = list(system.wire.mails)
    for mailed in (first, first, second):
        told(system, mailed, "Complaint", {"complaintFeedbackType": "abuse"})
    before = system.ask("switches").data["stopped"]
    told(system, third, "Complaint", {})

    assert before == 0
    assert counted(system) == {"sent": 4, "complained": 3}
    [row] = system.ask("switches").data["switches"]
    assert "3 of 4 messages of 168 hours complained" in row["why"]


def test_a5_20_four_bounces_are_too_few_to_say_anything() -> None:
    system = System()
    mail(system, range(5))
    for mailed in list(system.wire.mails[:4]):
        told(system, mailed, "Bounce", PERMANENT)

    assert system.ask("switches").data["switches"] == []


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("SendingPausedException", "starts it"),
        ("AccountSuspendedException", "opens a case"),
        ("MailFromDomainNotVerifiedException", "adds the records"),
    ],
)
def test_a5_20_a_provider_that_has_stopped_us_pauses_the_channel(error: str, says: str) -> None:
    system = System()
    system.wire.refusals["ses"] = (400, error)

    held = try_to_mail(system, 1)
    del system.wire.refusals["ses"]
    system.later(hours=1)
    again = try_to_mail(system, 2)
    [row] = system.ask("switches").data["switches"]
    plan = system.ask("go", what="email").data
    system.say("go", what="email", confirm=True)
    system.later(hours=1)
    mail(system, range(3, 4))

    assert isinstance(held, ActionHeld)
    assert says in held.held_why
    assert isinstance(again, ActionHeld)
    assert again.held_why.startswith("stopped (channel:email) by deliverability: ses: ")
    assert row["by"] == "deliverability"
    assert plan["leaves"] == 2
    assert [m["to"] for m in system.wire.mails] == ["jo@tiny3.example"]


def test_a5_20_who_has_stopped_it_stays_the_one_who_has(storm: System) -> None:
    system = System()
    mail(system, range(6))
    system.say("stop", what="email", why="wrong price")
    for mailed in list(system.wire.mails):
        told(system, mailed, "Bounce", PERMANENT)

    [row] = system.ask("switches").data["switches"]

    assert (row["by"], row["why"]) == ("operator", "wrong price")


def test_a5_20_what_is_paused_ends_when_it_is_too_late(storm: System) -> None:
    held = try_to_mail(storm, 7)
    assert isinstance(held, ActionHeld)
    late = Moment(held.decided.expires_at + timedelta(seconds=1), "execution")
    ended = storm.step("action", held.decided, late)

    assert isinstance(ended, ActionDelivered)
    assert ended.status is DeliveryStatus.SKIPPED
    assert json.loads(ended.canonical())["reason"].startswith("expired: stopped (channel:email)")
