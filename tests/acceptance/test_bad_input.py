"""Hostile values have a stated outcome each, and nothing else in the batch suffers."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.webhook.request import Reply
from mos.events import SignalReceived
from mos.model.signal import Signal, SignalKind
from tests.acceptance.bad import deliver, take
from tests.acceptance.conftest import Start
from tests.builders import NOON, signal
from tests.unit.webhook.gate import Gate, gate_for, gateway_event

KEY = "mos-test-secret"
ADA, JANE = "email:ada@example.com", "email:jane@acme.example"


def sent(body: Any) -> tuple[Gate, Reply]:
    """Send a signed body to the door of Segment's webhooks, which takes up to a mebibyte."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    headers = {"x-signature": hmac.digest(KEY.encode(), raw, "sha1").hex()}
    event = gateway_event("POST", "https://hooks.example.com/hooks/segment", headers, raw)
    gate = gate_for("segment", KEY)
    return gate, gate.send(event, NOON)


def calls(*messages: dict[str, Any]) -> tuple[list[Signal], list[str]]:
    """Return the signals of a batch, and the reasons of what was put aside at the door."""
    plain = [{"type": "track", "event": "E", "messageId": str(n)} for n in range(len(messages))]
    gate, reply = sent({"batch": [a | b for a, b in zip(plain, messages, strict=True)]})
    assert reply.status == 200
    return gate.signals(), [json.loads(body)["reason"] for body in gate.parked.bodies]


def one(**message: Any) -> Signal:
    (made,), reasons = calls({"userId": "u-1"} | message)
    assert reasons == []
    return made


@pytest.mark.parametrize(
    ("body", "answered"),
    [
        (b'{"event":"' + b"x" * 10_000_000 + b'"}', (413, "too_large")),
        (b'{"properties":{"n":NaN}}', (400, "malformed")),
        (b'{"properties":{"n":1e999}}', (400, "malformed")),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, (400, "malformed")),
        (b'{"event":"\\ud83d"}', (400, "malformed")),
        (b'{"event":"\xff\xfe"}', (400, "malformed")),
    ],
    ids=["10 MB", "NaN", "infinite", "5000 levels", "half a surrogate pair", "not UTF-8"],
)
def test_a_body_that_nobody_could_mean_is_refused_as_a_whole(
    body: bytes, answered: tuple[int, str]
) -> None:
    gate, reply = sent(body)

    assert (reply.status, json.loads(reply.body)["reason"]) == answered
    assert gate.is_untouched()


def test_long_texts_are_cut_and_named_and_the_rest_arrives(start: Start) -> None:
    made = one(traits={"bio": "x" * 900_000, "email": "ada@example.com"}, type="identify")
    system = start()

    assert take(system, made).parked == {}
    assert made.properties["cut"] == ("traits.bio",)
    assert len(str(system.profile(ADA).trait("bio"))) == 2000


def test_of_ten_thousand_identifiers_twenty_count_and_the_cut_is_named(start: Start) -> None:
    many = [{"type": f"x{n % 50}_id", "id": f"v{n}", "collection": "users"} for n in range(10_000)]
    made = one(context={"externalIds": many})
    system = start()

    assert take(system, made).parked == {}
    assert len(made.identifiers) == 20
    assert "identifiers" in made.properties["cut"]  # type: ignore[operator]
    assert len(system.people()) == 1


@pytest.mark.parametrize("value", ["u\x001", "\x1b[31mu", "u\u00851", "\x7f"])
def test_a_control_character_identifies_nobody_and_a_text_may_hold_it(
    start: Start, value: str
) -> None:
    made = one(userId=value, type="identify", traits={"email": "ada@example.com", "bio": value})
    system = start()

    assert take(system, made).parked == {}
    assert [i.key for i in made.identifiers] == [ADA]
    assert system.profile(ADA).trait("bio") == value


@pytest.mark.parametrize(
    ("other", "people"),
    [
        ("jose\u0301@example.com", 1),
        ("JOS\u00c9@example.com", 1),
        ("\u202ejos\u00e9@example.com\u202c", 1),
        ("jos\u200b\u00e9@exam\u00adple.com", 1),
        ("\ufeffjos\u00e9@example.com", 1),
        ("j\u043es\u00e9@example.com", 2),
        ("jose@example.com", 2),
        ("jos\u00e9\U0001f600@example.com", 2),
    ],
    ids=["decomposed", "upper case", "right to left", "no width", "byte order mark", "homoglyph",
         "no accent", "emoji"],
)  # fmt: skip
def test_a_mailbox_is_one_however_it_is_written_and_never_one_that_looks_like_it(
    start: Start, other: str, people: int
) -> None:
    mails = ("jos\u00e9@example.com", other)
    made, reasons = calls(*({"type": "identify", "traits": {"email": m}} for m in mails))
    system = start()

    assert (reasons, take(system, *made).parked) == ([], {})
    assert len(system.people()) == people


@pytest.mark.parametrize(
    ("stated", "outcome"),
    [
        ("0000-01-01T00:00:00Z", "malformed"),
        ("0001-01-01T00:00:00Z", "impossible_time"),
        ("0001-01-01T00:00:00+14:00", "malformed"),
        ("1969-12-31T23:59:59Z", "impossible_time"),
        (-1, "impossible_time"),
        (1e300, "malformed"),
        ("yesterday", "malformed"),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", NOON),
        ("2026-10-31T23:59:60Z", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T08:00:00", datetime(2026, 11, 1, 8, tzinfo=UTC)),
        ("2026-11-01T08:00:00+05:30", datetime(2026, 11, 1, 2, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_put_right_or_put_aside(
    start: Start, stated: object, outcome: str | datetime
) -> None:
    bad = {"userId": "u-1", "timestamp": stated}
    made, reasons = calls(bad, {"userId": "u-2"})
    system = start()

    assert take(system, *made).parked == {}
    if isinstance(outcome, str):
        assert [r.partition(":")[0] for r in reasons] == [outcome]
        assert len(made) == 1
    else:
        assert reasons == []
        assert outcome in [s.occurred_at for s in made]


def test_huge_numbers_stay_what_they_are_or_become_text(start: Start) -> None:
    said = {
        "small": 2**62,
        "huge": 2**63,
        "far": -(10**60),
        "float": 1e308,
        "email": "ada@example.com",
    }
    made = one(type="identify", traits=said)
    system = start()

    assert take(system, made).parked == {}
    found = {name: system.profile(ADA).trait(name) for name in ("small", "huge", "far", "float")}
    assert found == {"small": 2**62, "huge": str(2**63), "far": str(-(10**60)), "float": 1e308}


def test_one_bad_element_is_put_aside_and_ninety_nine_go_on(start: Start) -> None:
    good = [{"userId": f"u-{n}", "timestamp": "2026-11-01T08:00:00Z"} for n in range(99)]
    made, reasons = calls(*good[:50], {"userId": "u-bad", "properties": [1]}, *good[50:])
    system = start()

    assert [r.partition(":")[0] for r in reasons] == ["malformed"]
    assert take(system, *made).failed == set()
    assert len(system.people()) == 99


def test_the_same_id_twice_in_a_batch_is_one_signal(start: Start) -> None:
    same = {"userId": "u-1", "messageId": "m"}
    made, reasons = calls(same, same)
    system = start()
    take(system, *made, *made)

    assert reasons == []
    assert len(system.logged()) == 1


def poison() -> dict[str, str]:
    """Return messages that nobody should have put into the queue, by the code they must get."""
    good = json.loads(SignalReceived.of(signal(ids=(ADA,), key="bad")).model_dump_json())

    def with_(**fields: Any) -> str:
        return json.dumps(good | {"signal": good["signal"] | fields})

    long = "x" * 3000
    many = [{"type": "x_id", "value": str(n)} for n in range(301)]
    wide = [{"type": "x" * 60, "value": "\U0001f600" * 512}]
    return {
        "not_json 1": "hello",
        "not_json 2": "[" * 100_000,
        "malformed 1": "[]",
        "malformed 2": '{"detail": "nothing"}',
        "malformed 3": with_(kind="dance"),
        "malformed 4": with_(identifiers=many, signal_id="a"),
        "malformed 5": with_(occurred_at="0001-01-01T00:00:00+14:00", signal_id="b"),
        "impossible_time 1": with_(occurred_at="0001-01-02T00:00:00Z", signal_id="c"),
        "impossible_time 2": with_(occurred_at="9999-12-31T23:59:59Z", signal_id="d"),
        "impossible_time 3": with_(received_at="1969-07-20T20:17:00Z", signal_id="e"),
        "unholdable 1": with_(properties={"n": float("nan")}, signal_id="f"),
        "oversized 1": with_(signal_id=long),
        "oversized 2": with_(source=long, identifiers=[], signal_id="g"),
        "oversized 3": with_(identifiers=wide, signal_id="h"),
        "oversized 4": with_(traits={"x": "y" * 500_000}, signal_id="i"),
        "forbidden 1": with_(kind="merged", signal_id="j"),
    }


@pytest.mark.slow
def test_poison_in_the_queue_is_put_aside_once_as_it_came_and_hurts_nobody(start: Start) -> None:
    system, bad = start(), poison()
    good = SignalReceived.of(signal(ids=(JANE,))).model_dump_json()

    again, aside = deliver(system, [*bad.values(), good])

    assert again == []
    assert {body: reason.partition(":")[0] for body, reason in aside.items()} == {
        body: name.partition(" ")[0] for name, body in bad.items()
    }
    assert system.profile(JANE).counts == {"page": 1}
    assert [s.kind for s in system.logged()] == [SignalKind.PAGE]


def test_years_of_signals_in_one_batch_are_one_history(start: Start) -> None:
    at = [NOON - timedelta(days=365 * n) for n in range(50)]
    late = [
        signal(ids=(JANE,), key=str(n), occurred_at=when, received_at=NOON)
        for n, when in enumerate(at)
    ]
    system = start()

    assert take(system, *late).failed == set()
    assert system.profile(JANE).counts == {"page": 50}
