"""Row A.5.13: what a decision would send now is shown, with why it would not leave."""

import pytest

from mos.errors import MalformedError, MissingError
from mos.events import ActionDecided
from mos.model.consent import Purpose
from mos.model.signal import SignalKind
from tests.acceptance.test_a5_12_switches import deliver, jo, to_decide
from tests.acceptance.test_a5_13_dry_run import MAIL, rehearsing
from tests.builders import grants, signal
from tests.system_in_process import System

JO = "jo@tiny.example"


def decided(system: System | None = None) -> tuple[System, ActionDecided]:
    system = system or System()
    return system, to_decide(system)


def test_a5_13_a_preview_shows_the_very_mail_that_leaves_and_calls_nobody() -> None:
    system, event = decided()

    shown = system.ask("preview", decision_id=event.decision_id).data
    assert system.wire.calls == []
    assert system.asker.asked == []  # type: ignore[attr-defined]  a fake that keeps what it is asked
    deliver(system, event)

    [mail] = system.wire.mails
    assert shown["would_leave"]
    assert (shown["subject"], shown["channel"]) == (mail["subject"], "email")
    assert mail["body"].startswith(shown["body"])
    after = system.ask("preview", subject=JO).data
    assert not after["would_leave"]
    assert after["why"] == "it has ended: sent (sent)"


def test_a5_13_a_preview_says_what_stops_it() -> None:
    system, event = decided()
    system.say("stop", what="email", why="wrong price")

    shown = system.ask("preview", decision_id=event.decision_id).data

    assert not shown["would_leave"]
    assert shown["why"] == "stopped (channel:email) by operator: wrong price"
    assert shown["subject"]


def test_a5_13_a_preview_checks_consent_as_it_is_now() -> None:
    system, event = decided()
    system.receive([
        signal(SignalKind.CONSENT_CHANGED, minute=300, ids=(f"email:{JO}",), key="no",
               consent=grants(Purpose.EMAIL_MARKETING, granted=False)),
    ])  # fmt: skip

    shown = system.ask("preview", decision_id=event.decision_id).data

    assert not shown["would_leave"]
    assert shown["why"].startswith("refused: consent_at_send")


def test_a5_13_a_preview_says_that_it_is_too_late() -> None:
    system, event = decided()
    system.now = event.expires_at
    system.later(minutes=1)

    assert system.ask("preview", decision_id=event.decision_id).data["why"] == (
        "it has ended: skipped (expired)"
    )


def test_a5_13_a_preview_names_the_row_that_would_rehearse_it() -> None:
    system, event = decided(System(rehearsing(MAIL)))

    shown = system.ask("preview", decision_id=event.decision_id).data

    assert shown["would_leave"]
    assert shown["dry_run"] == "contact/dry_run#trial"


def test_a5_13_who_reads_no_personal_data_sees_whether_and_not_what() -> None:
    system, event = decided()

    shown = system.ask("preview", agent="assistant", decision_id=event.decision_id).data

    assert shown["would_leave"]
    assert "hidden" in shown["body"]
    assert "Jo" not in str(shown)


def test_a5_13_an_action_that_touches_nobody_shows_nothing() -> None:
    system = System()
    system.play(jo())
    system.play(jo(minute=1))
    [*_, last] = [e for run in system.history for e in run if isinstance(e, ActionDecided)]
    assert last.channel == "none"

    shown = system.ask("preview", decision_id=last.decision_id).data

    assert not shown["would_leave"]
    assert "touches nobody" in shown["why"]


def test_a5_13_one_of_both_is_named_and_it_exists() -> None:
    with pytest.raises(MalformedError):
        System().ask("preview")
    with pytest.raises(MissingError):
        System().ask("preview", decision_id="dec_nobody")
