"""`mos webhook check`: the Lambda's verdict on a captured request, for people and scripts."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.commands.webhook import app
from functions.webhook.check import check
from functions.webhook.sample import Sample
from tests.unit.webhook.gate import SAMPLES


def captured(sample: Sample) -> dict[str, Any]:
    return {
        "method": sample.method,
        "url": sample.url,
        "headers": dict(sample.headers),
        "body_base64": base64.b64encode(sample.body).decode(),
    }


def run(tmp_path: Path, capture: object, *options: str) -> Any:
    file = tmp_path / "request.json"
    file.write_text(capture if isinstance(capture, str) else json.dumps(capture))
    name = options[0]
    return CliRunner().invoke(app, ["check", name, str(file), *options[1:]])


@pytest.mark.parametrize(("name", "sample"), SAMPLES.values(), ids=SAMPLES)
def test_a_captured_request_gets_the_lambdas_verdict(name: str, sample: Sample) -> None:
    once = check(name, captured(sample), (sample.secret,), sample.at)
    again = check(name, captured(sample), (sample.secret,), sample.at)

    assert (once["accepted"], once["reason"]) == (True, None)
    assert tuple(s["kind"] for s in once["signals"]) == sample.kinds
    assert once == again


@pytest.mark.parametrize(("name", "sample"), SAMPLES.values(), ids=SAMPLES)
def test_without_a_secret_the_verdict_says_what_to_pass(name: str, sample: Sample) -> None:
    verdict = check(name, captured(sample), (), sample.at)

    assert (verdict["accepted"], verdict["reason"]) == (False, "bad_signature")
    assert "--secret" in verdict["detail"]


def test_a_genuine_capture_exits_with_zero(tmp_path: Path) -> None:
    name, sample = SAMPLES["hubspot-0"]
    genuine = ("--secret", "newer", "--secret", sample.secret, "--at", sample.at.isoformat())

    shown = run(tmp_path, captured(sample), name, *genuine)
    told = run(tmp_path, captured(sample), name, *genuine, "--json")

    assert (shown.exit_code, told.exit_code) == (0, 0)
    assert "accepted" in shown.output
    assert json.loads(told.stdout)["accepted"] is True


def test_a_stale_capture_exits_with_one_and_says_what_to_do(tmp_path: Path) -> None:
    name, sample = SAMPLES["hubspot-0"]

    shown = run(tmp_path, captured(sample), name, "--secret", sample.secret)

    assert shown.exit_code == 1
    assert "stale" in shown.output
    assert "--at" in shown.output


def test_an_unknown_source_is_told_the_known_ones(tmp_path: Path) -> None:
    shown = run(tmp_path, captured(SAMPLES["hubspot-0"][1]), "hubspto")

    assert shown.exit_code == 1
    assert "google-ads" in shown.output


@pytest.mark.parametrize(
    "capture",
    [
        "not json",
        "[]",
        {"headers": {}, "body": ""},
        {"url": "https://h/", "body": {"a": 1}},
        {"url": "https://h/", "headers": [], "body": ""},
        {"url": "https://h/"},
        {"url": "https://[", "body": ""},
        {"url": "https://h/", "body_base64": "%"},
    ],
)
def test_a_capture_that_cannot_be_read_exits_with_two(tmp_path: Path, capture: object) -> None:
    shown = run(tmp_path, capture, "hubspot", "--secret", "s")

    assert shown.exit_code == 2
    assert "cannot read" in shown.output


def test_a_missing_file_and_a_bad_time_exit_with_two(tmp_path: Path) -> None:
    missing = CliRunner().invoke(app, ["check", "hubspot", str(tmp_path / "none.json")])
    bad_time = run(tmp_path, captured(SAMPLES["hubspot-0"][1]), "hubspot", "--at", "yesterday")

    assert (missing.exit_code, bad_time.exit_code) == (2, 2)
