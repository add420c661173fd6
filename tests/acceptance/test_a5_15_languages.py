"""Row A.5.15: an asset is held against the language that its reader is known to read."""

from typing import Any

import pytest

from mos.events import ActionDelivered
from mos.model.delivery import DeliveryStatus
from mos.model.signal import Signal, SignalKind
from mos.policy.asset_language import find_missing_language
from mos.policy.bundle.bundle import Bundle
from tests.acceptance.test_a5_12_switches import deliver, to_decide
from tests.acceptance.test_a5_15_content import ASSETS, edited
from tests.builders import signal, without_holdout
from tests.system_in_process import System
from tests.visiting import BOX, asks

GATE = "tables/gates/eligibility.toml"
ROW = """[[row]]
id = "in_their_language"
when = { "action.language_ok" = false, "action.class" = ["default"] }
then = { allow = false }
why = "It is not written in a language that they read."
"""


def keeping_back(base: Bundle | None = None) -> Bundle:
    """Return a bundle in which a row keeps back what is not in its reader's language."""
    base = base or without_holdout()
    text = base.text(GATE)
    text = text.replace("[outputs]", '"action.language_ok" = "boolean"\n[outputs]', 1)
    if '"action.class"' not in text.partition("[outputs]")[0]:
        text = text.replace("[outputs]", '"action.class" = "text"\n[outputs]', 1)
    at = text.index("[[row]]")
    return Bundle(base.files | {GATE: (text[:at] + ROW + text[at:]).encode()})


def reader(language: str | None) -> Signal:
    return asks(traits={"language": language} if language else {})


def played(bundle: Bundle, language: str | None) -> System:
    system = System(bundle)
    system.play(reader(language))
    return system


def why(system: System) -> str:
    return system.ask("why", subject=BOX).text


@pytest.mark.parametrize("language", ["de", "Deutsch", "de-AT", "fr"])
def test_a5_15_without_a_row_it_is_said_in_the_default_language_and_why_says_so(
    language: str,
) -> None:
    system = played(without_holdout(), language)

    assert len(system.wire.mails) == 1
    missing = "fr" if language == "fr" else "de"
    assert f"They read {missing}, in which it is not written: it was said in en" in why(system)


@pytest.mark.parametrize("language", [None, "en", "en-GB", "English", "xx"])
def test_a5_15_who_reads_it_or_is_not_known_to_read_another_gets_it(language: str | None) -> None:
    system = played(keeping_back(), language)

    assert len(system.wire.mails) == 1
    assert "in which it is not written" not in why(system)


def test_a5_15_where_a_row_says_so_it_is_not_decided() -> None:
    system = played(keeping_back(), "de")

    assert system.wire.mails == []
    assert "It is not written in a language that they read." in why(system)


def test_a5_15_an_asset_in_their_language_is() -> None:
    both = edited('languages = ["en"]', 'languages = ["en", "de"]', *ASSETS)

    system = played(keeping_back(both), "de-CH")

    assert len(system.wire.mails) == 1
    assert "in which it is not written" not in why(system)


def test_a5_15_where_the_default_is_missing_too_it_is_the_assets_first() -> None:
    only = edited('languages = ["en"]', 'languages = ["es", "pt"]', *ASSETS)

    assert "They read de, in which it is not written: it was said in es" in why(played(only, "de"))


def test_a5_15_what_becomes_known_between_decision_and_sending_keeps_it_back() -> None:
    system = System(keeping_back())
    event = to_decide(system)
    told: dict[str, Any] = {"ids": (f"email:{BOX}",), "traits": {"language": "de"}}
    system.receive([signal(SignalKind.IDENTIFY, minute=5, **told)])

    said = deliver(system, event)

    assert isinstance(said, ActionDelivered)
    assert said.status is DeliveryStatus.REFUSED
    asset = event.action.treatments[0].asset
    assert said.reason == f"content_not_in_de:{asset} (gates/eligibility#in_their_language)"
    assert system.wire.mails == []


def test_a5_15_a_colleague_reads_what_is_for_them() -> None:
    bundle = without_holdout()
    mail, task = bundle.actions["email_roi"], bundle.actions["ae_handoff"]

    assert task.treatments[0].asset
    assert find_missing_language(mail, mail.treatments[0], "de", bundle) == "de"
    assert find_missing_language(task, task.treatments[0], "de", bundle) == ""
