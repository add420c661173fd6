"""`mos provider check`: the exit says whether a provider has what our channels need."""

import json

import pytest
from typer.testing import CliRunner

from cli.commands import provider
from lab.fakes.wire import ProviderWire
from mos.deployment.deployment import Deployment


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> ProviderWire:
    made = ProviderWire()
    monkeypatch.setattr(provider, "deployment", lambda: Deployment("local", None))
    monkeypatch.setattr(provider, "find_base", lambda _where, one: one.base)
    monkeypatch.setattr(provider, "open_exchange", lambda _where, _base: made)
    return made


def ask(*words: str) -> tuple[int, str]:
    said = CliRunner().invoke(provider.app, ["check", *words])
    return said.exit_code, said.output


def test_it_names_what_is_missing_and_makes_it_when_asked(wire: ProviderWire) -> None:
    wire.lacks |= {"mos_owner", "mos_reject_reason"}

    lacking, made, whole = ask("hubspot"), ask("hubspot", "--create"), ask("hubspot", "--json")

    assert lacking[0] == 1
    assert "hubspot lacks mos_owner:" in lacking[1]
    assert made[0] == 0
    assert whole[0] == 0
    assert {row["state"] for row in json.loads(whole[1])} == {"there"}


def test_what_is_only_useful_may_be_missing(wire: ProviderWire) -> None:
    wire.lacks.add("mos_reject_reason")

    assert ask("hubspot")[0] == 0


@pytest.mark.parametrize("failure", ["401", "503", "unavailable"])
def test_what_nobody_could_look_at_is_said_with_2(wire: ProviderWire, failure: str) -> None:
    wire.failures = [failure]

    assert ask("hubspot")[0] == 2


def test_a_provider_that_needs_nothing_is_told_from_one_that_does(wire: ProviderWire) -> None:
    code, said = ask("nobody")

    assert code == 2
    assert "hubspot" in said
    assert wire.calls == []


def test_ses_is_looked_over_and_nothing_of_it_can_be_made(
    wire: ProviderWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = {"region": "eu-central-1", "mail_from": "jo@ours.example", "configuration_set": "mos"}
    monkeypatch.setattr(provider, "read_place", lambda _where: place)

    whole, made = ask("ses", "--json"), ask("ses", "--create")
    wire.lacks.add("dkim")
    lacking = ask("ses")

    assert whole[0] == 0
    assert {"DKIM", "SPF", "DMARC alignment"} <= {row["name"] for row in json.loads(whole[1])}
    assert made[0] == 2
    assert lacking[0] == 1
    assert "ses lacks identity, DKIM" in lacking[1]
    assert "--create" not in lacking[1]
