"""A mail that SES puts into a bucket: looked up by its place, read by the same reader."""

import json
from datetime import timedelta
from typing import Any

import pytest

from functions.lookup.read import list_hosts, read
from mos.events import ReadNeeded, RecordRead, SignalReceived
from mos.model.call import Call, CallReply, SignedAuthority
from mos.model.lookup import read_need
from mos.model.signal import Signal, SignalKind, Trust
from mos.policy.bundle.bundle import Bundle
from mos.policy.source_system import open_systems
from tests.builders import NOON, starter
from tests.replying import arrive, write_mail
from tests.system_in_process import System

BUCKET = "acme-replies"
PAGE = f"""why = "Mails lie there."
reads = true
[[tenants]]
id = "{BUCKET}"
base = "https://{BUCKET}.s3.eu-central-1.amazonaws.com"
"""
ACTION = {"type": "S3", "bucketName": BUCKET, "objectKey": "in/abc 1"}


def bundle(page: str = PAGE) -> Bundle:
    return Bundle(starter().files | {"systems/ses.toml": page.encode()})


def need(**verdicts: str) -> Signal:
    return arrive(None, action=ACTION, **verdicts)


def look_up(signal: Signal, reply: CallReply, page: str = PAGE) -> tuple[Any, list[Call]]:
    wanted = read_need(signal)
    assert wanted is not None
    asked = ReadNeeded.following(SignalReceived.of(signal), record=wanted.record, why=wanted.why)
    calls: list[Call] = []

    def exchange(call: Call) -> CallReply:
        calls.append(call)
        return reply

    return read({"m": asked}, bundle(page), exchange, lambda _system: None), calls


def test_a_notice_of_a_mail_in_a_bucket_says_where_it_lies_and_whether_it_is_proved() -> None:
    assert need().kind is SignalKind.UNMAPPED
    assert read_need(need()).record.model_dump() == {  # type: ignore[union-attr]
        "system": "ses", "object": "mail", "record_id": "in/abc 1", "tenant": BUCKET,
    }  # fmt: skip
    assert read_need(need(dmarc="FAIL")).record.object == "mail_unproved"  # type: ignore[union-attr]
    assert read_need(need(virus="FAIL")) is None


def test_the_beginning_of_it_is_read_by_the_functions_own_role() -> None:
    raw = write_mail("Sounds great, call me.")

    at = {"last-modified": "Tue, 03 Nov 2026 12:00:00 GMT"}
    made, (call,) = look_up(need(), CallReply(206, at, raw))

    assert call.url == f"https://{BUCKET}.s3.eu-central-1.amazonaws.com/in/abc%201"
    assert call.authority == SignedAuthority("s3", "eu-central-1")
    assert call.headers == {"range": "bytes=0-98303"}
    (answer,) = made.answers
    assert len(answer.canonical()) < 200_000
    assert f"{BUCKET}.s3.eu-central-1.amazonaws.com" in list_hosts(open_systems(bundle()).values())


@pytest.mark.parametrize(
    ("status", "ends"),
    [(403, "refused"), (404, "answers"), (416, "answers"), (500, "again"), (503, "again")],
)
def test_what_the_bucket_does_not_give(status: int, ends: str) -> None:
    made, _ = look_up(need(), CallReply(status))

    assert getattr(made, ends)


@pytest.mark.parametrize("page", ['why = "x"\nreads = true\n', PAGE.replace(BUCKET, "other")])
def test_a_bucket_that_nobody_has_named_is_not_read(page: str) -> None:
    made, calls = look_up(need(), CallReply(200), page)

    assert calls == []
    assert made.refused


def test_an_address_that_is_no_buckets_is_not_called() -> None:
    made, calls = look_up(need(), CallReply(200), PAGE.replace(".amazonaws.com", ".evil.example"))

    assert calls == []
    assert made.refused


@pytest.mark.parametrize(("dmarc", "kind"), [("PASS", SignalKind.EMAIL_REPLIED),
                                             ("FAIL", SignalKind.UNMAPPED)])  # fmt: skip
def test_what_was_read_is_what_the_notice_would_have_said(dmarc: str, kind: SignalKind) -> None:
    raw = write_mail("Sounds great, call me.")
    system = System(bundle())
    made, _ = look_up(need(dmarc=dmarc), CallReply(200, {}, raw))

    taken = _take(system, made.answers[0])

    assert taken.kind is kind
    told = arrive(raw, dmarc=dmarc)
    assert (taken.signal_id, taken.kind) == (told.signal_id, told.kind)
    assert taken.trust is (Trust.SIGNED if dmarc == "PASS" else Trust.UNSIGNED)


def _take(system: System, answer: RecordRead) -> Signal:
    from functions.webhook.handler import step_record  # noqa: PLC0415  beside the fake system

    reply = step_record(answer, system.inbox, NOON + timedelta(days=2))
    assert json.loads(reply.body)["signals"] == 1
    return SignalReceived.parse(system.queue.bodies[-1]).signal
