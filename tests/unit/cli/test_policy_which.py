"""`mos policy which`: whom a row decides for, whom it only meets, and who is not known."""

import importlib
from pathlib import Path

import pytest

from tests.commands import edited, mos, told
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

JANE = "jane@acmepay.example"
READY = "routing/route#ready"
# The package's own name is the command, not its module.
which = importlib.import_module("cli.commands.policy.which")


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    made = System()
    made.play(*browsing(4), jane())
    monkeypatch.setattr(which, "asking", lambda tool: lambda **q: made.ask(tool, **q).data)
    monkeypatch.setattr(which, "say_standing", lambda _bundle: "the stage: it decides")
    return made


def test_whom_a_row_meets_while_another_decides_is_told_apart(system: System) -> None:
    found = told("which", "--row", READY)
    done = mos("which", "--row", READY)

    [met] = found["shadowed"]
    assert found["counts"]["caught"] == 0
    assert (met["name"], met["decided_by"]) == ("Jane Doe", "economic_buyer_present")
    assert "0 caught\n1 met, but another row decides\n" in done.stdout
    assert f"{READY}: economic_buyer_present decides" in done.stdout


def test_a_row_catches_whom_no_earlier_row_takes(system: System, tmp_path: Path) -> None:
    buyer = '"group.roles" = "economic_buyer", '
    folder = edited(tmp_path, "tables/routing/route.toml", buyer, '"group.roles" = "nobody", ')

    found = told("which", "--row", "routing/route#large_and_ready", "--bundle", folder)

    assert [one["name"] for one in found["caught"]] == ["Jane Doe"]
    assert found["shadowed"] == []


def test_a_lead_is_found_as_why_finds_them(system: System) -> None:
    person = system.profile(JANE).profile_id

    by_mailbox, by_id = told("which", "--lead", JANE), told("which", "--lead", person)

    assert by_mailbox == by_id
    assert by_mailbox["counts"]["caught"] > 0


@pytest.mark.parametrize("lead", ["unknown@x.example", "per_unknown", "user_id:42"])
def test_a_lead_that_nobody_knows_is_said(system: System, lead: str) -> None:
    done = mos("which", "--lead", lead)

    assert done.exit_code == 2
    assert done.stdout == ""
    assert f"not looked for: there is no person known as '{lead}'" in done.stderr
