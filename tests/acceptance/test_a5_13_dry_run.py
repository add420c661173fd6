"""Row A.5.13: a dry run renders, checks and records what would be sent, and calls nobody."""

from dataclasses import replace
from typing import Any

import pytest

from functions.action.dispatch import Dispatch
from mos.events import ActionDelivered, ActionHeld
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.policy.bundle.bundle import Bundle
from mos.policy.examine import examine
from mos.ports import Moment
from tests.acceptance.test_a3_10_broken_promise import left_waiting, notices
from tests.acceptance.test_a5_12_switches import jo
from tests.builders import NOON, without_holdout
from tests.delivering import Delivering
from tests.property.steps import mailed
from tests.property.test_deliveries import kept, person
from tests.system_in_process import System

_TABLE = "tables/contact/dry_run.toml"
EVERYTHING = ""
MAIL = 'when = { "action.channel" = "email" }\n'
TINY = 'when = { "account.domain" = ["tiny.example"] }\n'
OTHERS = 'when = { "account.domain" = ["other.example"] }\n'
STAGE = 'when = { "account.stage" = { known = true } }\n'


def rehearsing(when: str) -> Bundle:
    base = without_holdout()
    row = f'[[row]]\nid = "trial"\n{when}then = {{ dry = true }}\nwhy = "A trial."\n'
    page = base.text(_TABLE).replace("[[example]]", row + "[[example]]", 1)
    return Bundle(base.files | {_TABLE: page.encode()})


def play(when: str) -> System:
    system = System(rehearsing(when))
    system.play(jo())
    return system


def outbox(system: System, **said: Any) -> Any:
    return system.ask("outbox", **said).data


@pytest.mark.parametrize(
    "when", [EVERYTHING, MAIL, TINY, STAGE], ids=["all", "mail", "tiny", "stage"]
)
def test_a5_13_what_would_be_sent_is_recorded_and_nobody_is_called(when: str) -> None:
    system = play(when)

    shown = outbox(system, dry_run=True)

    assert system.wire.calls == []
    assert system.asker.asked == []  # type: ignore[attr-defined]  a fake that keeps what it is asked
    assert (shown["rehearsed"], shown["count"]) == (1, 1)
    [row] = shown["deliveries"]
    assert row["reason"] == "dry_run: would send by email (contact/dry_run#trial)"
    assert row["is_dry"]
    assert row["subject"]
    assert row["provider_id"] is None


def test_a5_13_whoever_no_row_names_is_written_to() -> None:
    system = play(OTHERS)

    assert len(system.wire.mails) == 1
    assert outbox(system)["rehearsed"] == 0


def test_a5_13_it_takes_no_room_and_nothing_is_learned_of_it() -> None:
    system, real = play(EVERYTHING), play(OTHERS)

    def learned(one: System) -> list[str]:
        return sorted(r.pk for r in one.tables["lessons"].scan() if r.numbers.get("trials"))

    def given_back(one: System) -> list[str]:
        return [r.sk for r in one.tables["decisions"].scan() if r.sk == "GIVEN_BACK"]

    assert learned(system) == []
    assert given_back(system) == ["GIVEN_BACK"]
    assert learned(real) != []
    assert given_back(real) == []


def test_a5_13_who_reads_no_personal_data_reads_no_subject() -> None:
    [row] = play(EVERYTHING).ask("outbox", agent="assistant").data["deliveries"]

    assert row["is_dry"]
    assert row["subject"] == ""


def test_a5_13_what_may_not_leave_is_no_rehearsal() -> None:
    """The checks at the moment of sending come first: no consent is no consent."""
    layer = Delivering(kept(person()))
    dry(layer)

    said, _ = layer.deliver(mailed())

    assert said.status is DeliveryStatus.REFUSED
    assert said.reason.startswith("consent_at_send")


def dry(layer: Delivering) -> None:
    """Have the deployment say that nothing leaves."""
    room = layer.room

    def made() -> Dispatch:
        found = room()
        return replace(found, wire=replace(found.wire, dry_run="dry_run of the settings of dev"))

    layer.room = made  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("action", "channel"),
    [("email_welcome", "email"), ("bdr_call", "hubspot_task"), ("retarget", "meta_audience")],
)
def test_a5_13_a_deployment_may_rehearse_everything(action: str, channel: str) -> None:
    layer = Delivering(kept(person(*Purpose)))
    dry(layer)

    event = mailed(action=action, channel=channel)
    said, _ = layer.deliver(event)
    again, _ = layer.deliver(event)

    assert said == again
    assert said.status is DeliveryStatus.SKIPPED
    assert said.reason == f"dry_run: would send by {channel} (dry_run of the settings of dev)"
    assert layer.wire.calls == []


def test_a5_13_what_a_first_try_may_have_sent_says_so() -> None:
    layer = Delivering(kept(person(*Purpose)))
    layer.wire.failures = ["lost"]
    event = mailed(action="bdr_call", channel="hubspot_task")
    assert isinstance(layer.try_once(event), ActionHeld)
    dry(layer)

    said, _ = layer.deliver(event)

    assert said.status is DeliveryStatus.UNKNOWN
    assert said.reason.endswith("an earlier try may have arrived")
    assert len(layer.wire.calls) == 1


def test_a5_13_what_is_stopped_waits_in_a_dry_run_too() -> None:
    system = System(rehearsing(EVERYTHING))
    system.say("stop", what="email", why="wrong price")
    system.receive([jo()])
    [event] = [e for e in system.drain() if hasattr(e, "run_at")]
    moment = Moment(event.run_at, "execution")
    for layer in ("lifecycle", "policy", "decisioning", "action"):
        event = system.step(layer, event, moment)

    assert isinstance(event, ActionHeld)


def test_a5_13_a_colleague_is_told_nothing_either() -> None:
    """A notice of a broken promise leaves by the same wire, and is rehearsed as well."""
    system = left_waiting(rehearsing('when = { "action.name" = "promise_broken" }\n'))
    system.wake(hours=10)
    [told] = system.ask("outbox", hours=48).data["notices"]

    assert told["says"].startswith("skipped: dry_run: would send by hubspot_task")
    assert system.wire.calls
    assert notices(system) == []


def test_a5_13_such_a_bundle_has_no_fault() -> None:
    found = examine(rehearsing(OTHERS), NOON.date())

    assert [one for one in found if one["level"] == "error"] == []


def test_a5_13_asked_again_after_a_dry_run_it_stays_what_it_was() -> None:
    layer = Delivering(kept(person(Purpose.EMAIL_MARKETING)))
    real = layer.room
    dry(layer)
    said, _ = layer.deliver(mailed())
    layer.room = real  # type: ignore[method-assign]

    again, _ = layer.deliver(mailed())

    assert again == said
    assert isinstance(again, ActionDelivered)
    assert layer.wire.mails == []
