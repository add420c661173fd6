"""What a newcomer asks the command line first: why was it refused, which secret, what comes in?"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cli.commands.logs import _span, _write
from cli.commands.policy.which import _listed
from cli.deployment import must_be_local
from cli.listening import Ear, serve
from cli.output import _wrap
from mos.deployment.deployment import Deployment
from mos.deployment.logs import list_layers, read_line, read_logs
from mos.deployment.secret import add_secret, end_rotation, list_secrets, rotate_secret
from mos.errors import MalformedError, MissingError
from tests.builders import POLICIES
from tests.commands import edited, mos

REFUSED = {
    "level": "WARNING", "message": "rejected", "service": "webhook", "source": "hubspot",
    "reason": "bad_signature", "detail": "none of the signatures fits any of the stored secrets",
}  # fmt: skip


@pytest.fixture
def stage() -> Iterator[Deployment]:
    with mock_aws():
        session = boto3.Session("testing", "testing", region_name="eu-central-1")
        yield Deployment("prod", session, endpoint=None)


def value_of(where: Deployment, name: str) -> str:
    found = where.client("ssm").get_parameter(Name=f"/mos/prod/{name}", WithDecryption=True)
    return str(found["Parameter"]["Value"])


@pytest.mark.integration
def test_a_door_gets_its_secret_another_one_beside_it_and_then_only_that(
    stage: Deployment,
) -> None:
    add_secret(stage, "webhook/hubspot", "first\n")
    with pytest.raises(MalformedError, match="has a secret already"):
        add_secret(stage, "webhook/hubspot", "other")

    rotate_secret(stage, "webhook/hubspot", "second")
    assert value_of(stage, "webhook/hubspot") == "second\nfirst"
    with pytest.raises(MalformedError, match="which it has"):
        rotate_secret(stage, "webhook/hubspot", "first")

    assert end_rotation(stage, "webhook/hubspot") == 1
    assert value_of(stage, "webhook/hubspot") == "second"
    assert [one.name for one in list_secrets(stage)] == ["webhook/hubspot"]


@pytest.mark.integration
def test_a_secret_that_is_not_there_cannot_be_rotated(stage: Deployment) -> None:
    with pytest.raises(MissingError, match="mos secret add"):
        rotate_secret(stage, "webhook/meta", "new")
    with pytest.raises(MalformedError, match="one line"):
        add_secret(stage, "webhook/meta", "two\nlines")


@pytest.mark.integration
def test_the_log_says_why_a_request_was_refused(stage: Deployment) -> None:
    logs, now = stage.client("logs"), datetime.now(UTC)
    logs.create_log_group(logGroupName="/mos/prod/webhook")
    logs.create_log_stream(logGroupName="/mos/prod/webhook", logStreamName="one")
    lines = ["START RequestId: 1", json.dumps(REFUSED)]
    logs.put_log_events(
        logGroupName="/mos/prod/webhook",
        logStreamName="one",
        logEvents=[{"timestamp": int(now.timestamp() * 1000), "message": m} for m in lines],
    )

    found = list(read_logs(stage, "webhook", now - timedelta(hours=1), everything=True))

    assert list_layers(stage) == ["webhook"]
    assert [line.about["reason"] for line in found] == ["bad_signature"]


def test_a_refusal_is_told_in_a_line_with_its_reason() -> None:
    line = read_line(json.dumps(REFUSED), "webhook", 0)

    assert line is not None
    assert line.is_trouble
    assert _write(line) == (
        "01-01 00:00:00Z webhook: rejected hubspot bad_signature: none of the signatures fits any "
        "of the stored secrets"
    )


@pytest.mark.parametrize("text", ["", "h", "0h", "1w", "-1d", "x"])
def test_how_far_back_is_a_number_and_a_unit(text: str) -> None:
    with pytest.raises(ValueError, match="30m, 6h, 2d"):
        _span(text)


def test_a_local_command_says_so_on_a_stage_in_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    must_be_local("down", "why")
    monkeypatch.setenv("MOS_STAGE", "prod")

    with pytest.raises(MalformedError, match="`mos down` is local, and MOS_STAGE is prod"):
        must_be_local("down", "it stops what runs on this machine")


def test_long_lines_are_broken_between_words_where_a_terminal_shows_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    long = f"  warning {'word ' * 100}end"

    found = list(_wrap([long, "short"]))

    assert max(map(len, found)) <= 60
    assert " ".join(" ".join(found).split()) == " ".join(f"{long} short".split())
    assert all(line.startswith("      ") for line in found[1:-1])


def test_a_bundle_is_checked_where_it_lies(tmp_path: Path) -> None:
    broken = edited(tmp_path, "tables/routing/route.toml", 'hit = "first"', 'hit = "fist"')

    assert mos("check", broken).exit_code in (1, 2)
    assert mos("check", POLICIES).exit_code == 0
    assert mos("check", "nowhere").exit_code == 2


def test_which_says_how_many_it_leaves_out() -> None:
    assert _listed("caught", [f"lead {n}" for n in range(59)], 20)[-1] == (
        "  … and 39 more: --most 59 lists them all"
    )
    assert _listed("caught", ["lead 1"], 20) == ["1 caught", "  lead 1"]


def signed(body: bytes, secret: bytes, at: datetime) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    proof = hmac.new(secret, b".".join([b"msg_1", stamp.encode(), body]), hashlib.sha256).digest()
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(proof).decode()}",
        "content-type": "application/json",
    }


def test_who_listens_sees_what_would_be_accepted_and_what_would_not(tmp_path: Path) -> None:
    key = b"0123456789abcdef0123456789abcdef"
    secret = f"whsec_{base64.b64encode(key).decode()}"
    said = {"type": "lead.submitted", "timestamp": "2026-03-02T09:00:00Z",
            "data": {"email": "jane@brightpay.example"}}  # fmt: skip
    body = json.dumps(said).encode()
    heard: list[tuple[str, dict[str, Any]]] = []
    ear = Ear(
        lambda name: (secret,) if name == "standard-webhooks" else (),
        lambda source, verdict, _kept: heard.append((source, verdict)),
        keep=tmp_path,
    )
    server = serve(ear, 0)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        statuses = []
        for sent in (body, body + b" "):
            connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
            headers = signed(body, key, datetime.now(UTC))
            connection.request("POST", "/hooks/standard-webhooks", sent, headers)
            statuses.append(connection.getresponse().status)
            connection.close()
    finally:
        server.shutdown()
        server.server_close()

    assert statuses == [200, 401]
    assert [verdict["reason"] for _, verdict in heard] == [None, "bad_signature"]
    assert [s["kind"] for s in heard[0][1]["signals"]] == ["lead_submitted"]
    assert len(list(tmp_path.glob("standard-webhooks-*.json"))) == 2
