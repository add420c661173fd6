"""The tale is the same for the same seed, and every request of it is genuine."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from lab.world.doors import URL, secrets, signals
from lab.world.sign import NoSecretError
from lab.world.story import DAYS, story
from mos.model.signal import Actor

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NOW = START + timedelta(days=DAYS, minutes=1)


@pytest.mark.slow
def test_the_same_seed_tells_the_same_bytes() -> None:
    assert story(7, START) == story(7, START)
    assert story(7, START) != story(8, START)


def test_it_is_about_two_thousand_signals_in_the_order_of_time() -> None:
    told = story(7, START)

    assert 1950 <= sum(beat.signals for beat in told) <= 2100
    assert [beat.at for beat in told] == sorted(beat.at for beat in told)
    assert all(START <= beat.at <= NOW for beat in told)


def test_every_request_passes_its_door_and_no_element_is_refused() -> None:
    told = story(7, START)

    found, refused = signals(told, NOW)

    assert refused == Counter()
    assert len(found) == sum(beat.signals for beat in told)
    assert {s.source for s in found} == {
        "segment", "hubspot", "google-ads", "meta", "linkedin", "calendly", "sendgrid",
        "standard-webhooks",
    }  # fmt: skip


@pytest.mark.slow
def test_it_holds_what_real_streams_hold() -> None:
    found, _ = signals(story(7, START), NOW)
    ids = Counter(s.signal_id for s in found)

    assert any(s.actor is Actor.MACHINE and s.kind == "email_clicked" for s in found)
    assert any(s.is_test for s in found)
    assert any(count > 1 for count in ids.values()), "no duplicates"
    assert any(i.value.startswith("info@") for s in found for i in s.identifiers)
    assert any(i.value.endswith("@gmail.com") for s in found for i in s.identifiers)


def test_a_source_without_its_secret_says_so() -> None:
    beat = next(b for b in story(7, START) if b.source == "sendgrid")
    known = {name: value for name, value in secrets().items() if name != "sign/sendgrid"}

    with pytest.raises(NoSecretError, match="sign/sendgrid"):
        beat.request(URL, known, NOW)
