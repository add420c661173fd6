"""Answers as an operator reads them: commands by their names, times where they are, ids whole."""

import re
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import asked
from cli.main import build
from cli.wording import reword
from mos.model.signal import SignalKind
from tests.builders import signal
from tests.system_in_process import Stage, System

TIME = "since 2026-11-30 05:45 UTC, heard 2026-07-01 23:59:07 UTC"


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    made = System()
    made.play(signal(SignalKind.LEAD_SUBMITTED, ids=("email:ada@acme.example",),
                     company={"name": "Acme", "domain": "acme.example"}))  # fmt: skip
    monkeypatch.setattr(asked, "deployment", lambda: Stage(made))
    return made


def mos(*words: str, **env: str) -> Any:
    return CliRunner().invoke(build(words), list(words), env={"TZ": "UTC", **env})


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berlin", "since 2026-11-30 06:45 CET, heard 2026-07-02 01:59:07 CEST"),
        (":America/New_York", "since 2026-11-30 00:45 EST, heard 2026-07-01 19:59:07 EDT"),
        ("Asia/Kathmandu", "since 2026-11-30 11:30 +0545, heard 2026-07-02 05:44:07 +0545"),
        ("", TIME), ("UTC", TIME), ("Nowhere/Land", TIME), ("../etc/passwd", TIME),
    ],
)  # fmt: skip
def test_times_are_in_the_zone_of_the_terminal_and_marked_with_it(
    monkeypatch: pytest.MonkeyPatch, zone: str, said: str
) -> None:
    monkeypatch.setenv("TZ", zone)

    assert reword({"text": TIME, "cells": [TIME, 3]}) == {"text": said, "cells": [said, 3]}


def test_json_stays_in_utc(system: System) -> None:
    shown = mos("stage", "show", "acme.example", TZ="Asia/Tokyo").stdout
    data = mos("stage", "show", "acme.example", "--json", TZ="Asia/Tokyo").stdout

    assert " JST" in shown
    assert " UTC" not in shown
    assert "JST" not in data
    assert re.search(r'"since": "2026-\d\d-\d\dT\d\d:\d\d:\d\dZ"', data)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("proposals", "show", "pol_nope"), "`mos proposals list` lists them"),
        (("policy", "ask", "nope", "{}"), "`mos policy read` lists them"),
        (("why", "acme.example"), "ask `mos account show`"),
        (("trace", "dec_nope"), "as `mos recent`, `mos why` and `mos signals` name it"),
    ],
)
def test_a_hint_names_a_command_that_there_is(
    system: System, words: tuple[str, ...], says: str
) -> None:
    refused = mos(*words)

    assert refused.exit_code == 2
    assert says in refused.stderr
    for hint in re.findall(r"`mos ([^`]+)`", refused.stderr):
        assert mos(*hint.split(), "--help").exit_code == 0


def test_a_page_of_the_policy_is_read_by_its_name_alone(system: System) -> None:
    table = mos("policy", "read", "routing/route")
    listed = mos("policy", "read", "--kind", "actions")
    parameter = mos("policy", "active", "exploration_gamma")

    assert "economic_buyer_present" in table.stdout
    assert "bdr_call" in listed.stdout
    assert "exploration_gamma is" in parameter.stdout


def test_an_id_stands_whole_on_one_line_and_a_title_names_what_was_said(system: System) -> None:
    decision = system.ask("recent").data["decisions"][0]["decision_id"]

    shown = mos("recent", "--hours", "24").stdout

    assert any(decision in line for line in shown.splitlines())
    assert all(len(line) <= 100 for line in shown.splitlines() if decision in line)
    assert shown.splitlines()[0].startswith("recent ─")
