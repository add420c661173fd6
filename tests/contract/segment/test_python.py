"""Segment's own library for Python, with nothing changed but its host."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from segment.analytics.client import Client

from mos.model.consent import Purpose
from mos.model.signal import SignalKind, Trust
from tests.contract.segment.door import Door, opened

KEY = "write-key-1"


@pytest.fixture
def door() -> Iterator[Door]:
    with opened(KEY) as door:
        yield door


def client(door: Door, key: str = KEY, **options: Any) -> tuple[Client, list[Any]]:
    failed: list[Any] = []
    options = {"upload_interval": 0.1, "max_retries": 3, **options}
    made = Client(
        key, host=door.url, on_error=lambda e, items: failed.append((e, items)), **options
    )
    return made, failed


@pytest.mark.parametrize("gzip", [False, True])
def test_every_call_arrives_as_its_kind(door: Door, *, gzip: bool) -> None:
    library, failed = client(door, gzip=gzip)
    agreed = {"consent": {"categoryPreferences": {"marketing": True, "functional": True}}}

    library.identify("u-1", {"email": "Ada@Example.com", "firstName": "Ada"}, context=agreed)
    library.track("u-1", "Demo Requested", {"plan": "pro"})
    library.page("u-1", "docs", "Pricing", {"path": "/pricing"})
    library.screen("u-1", "app", "Home")
    library.group("u-1", "g-1", {"name": "Acme", "website": "https://acme.com"})
    library.alias("anon-1", "u-1")
    library.shutdown()

    assert (failed, set(door.statuses())) == ([], {200})
    assert all(("content-encoding" in headers) is gzip for _, headers, _ in door.seen)
    found = {s.kind: s for s in door.signals()}
    screens = [s for s in door.signals() if s.kind is SignalKind.PAGE]
    assert set(found) == {
        SignalKind.IDENTIFY, SignalKind.TRACK, SignalKind.PAGE, SignalKind.GROUP, SignalKind.ALIAS,
    }  # fmt: skip
    assert [s.name for s in screens] == ["Pricing", "Home"]
    assert {s.trust for s in door.signals()} == {Trust.TOKEN}
    said = found[SignalKind.IDENTIFY]
    assert [i.key for i in said.identifiers] == ["user_id:u-1", "email:ada@example.com"]
    assert [(g.purpose, g.granted) for g in said.consent] == [(Purpose.EMAIL_MARKETING, True)]
    assert found[SignalKind.TRACK].properties["plan"] == "pro"
    assert found[SignalKind.GROUP].company["domain"] == "acme.com"
    assert [i.key for i in found[SignalKind.ALIAS].identifiers] == [
        "user_id:u-1", "anonymous_id:anon-1", "user_id:anon-1",
    ]  # fmt: skip


def test_more_than_a_batch_holds_comes_in_several(door: Door) -> None:
    library, failed = client(door, gzip=True)

    for number in range(250):
        library.track("u-1", f"Event {number}")
    library.shutdown()

    assert (failed, set(door.statuses())) == ([], {200})
    assert len(door.seen) >= 3
    assert {s.name for s in door.signals()} == {f"Event {n}" for n in range(250)}


def test_a_time_that_is_stated_is_kept_and_the_senders_clock_is_corrected(door: Door) -> None:
    library, _ = client(door)
    began = datetime.now(UTC)
    then = began - timedelta(days=3)

    library.track("u-1", "Long Ago", timestamp=then)
    library.shutdown()

    (signal,) = door.signals()
    on_the_way = datetime.now(UTC) - began
    assert abs(signal.occurred_at - then) < on_the_way + timedelta(seconds=1)


def test_a_wrong_key_is_told_once_and_never_tried_again(door: Door) -> None:
    library, failed = client(door, "wrong-key")

    library.track("u-1", "Lost")
    library.shutdown()

    assert door.statuses() == [401]
    assert [error.status for error, _ in failed] == [401]
    assert door.gate.is_untouched()


def test_too_much_at_once_is_tried_again_until_it_is_taken(door: Door) -> None:
    door.busy = 1
    library, failed = client(door)

    library.track("u-1", "Patient")
    library.shutdown()

    assert (failed, door.statuses()) == ([], [429, 200])
    assert [s.name for s in door.signals()] == ["Patient"]


def test_a_batch_that_comes_twice_is_the_same_signals(door: Door) -> None:
    library, _ = client(door)
    for _ in range(2):
        library.track("u-1", "Once", message_id="m-1")
    library.shutdown()

    assert len({s.signal_id for s in door.signals()}) == 1
