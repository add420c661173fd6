"""`mos what-if` about consent: the facts that it is worked out from, and a no that stands."""

import importlib
import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import asked
from cli.main import build
from mos.model.consent import ConsentGrant, Purpose
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import Stage, System

JANE = "jane@acmepay.example"
BASIS = "person.basis.phone_sales=legitimate_interest"
# The package's own name is the command, not its module.
publish = importlib.import_module("cli.commands.policy.publish")


def supposed(monkeypatch: pytest.MonkeyPatch, consent: tuple[Any, ...], *words: str) -> Result:
    system = System()
    system.play(*browsing(4), jane().model_copy(update={"consent": consent}))
    monkeypatch.setattr(asked, "deployment", lambda: Stage(system))
    return CliRunner().invoke(build(["what-if"]), ["what-if", JANE, *words])


def test_a_basis_can_be_supposed(monkeypatch: pytest.MonkeyPatch) -> None:
    done = supposed(monkeypatch, (), BASIS)

    assert done.exit_code == 0
    assert "if person.basis.phone_sales were legitimate_interest" in done.stdout
    assert "refused all the same" not in done.stdout


def test_a_basis_that_there_is_none_of_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    done = supposed(monkeypatch, (), "person.basis.phone_sales=interest")

    assert done.exit_code == 2
    assert "person.basis.phone_sales: expected consent, " in done.stderr
    assert "found 'interest'" in done.stderr


@pytest.mark.parametrize("fact", [BASIS, "person.consents=phone_sales"])
def test_a_withdrawal_stands_and_is_named(monkeypatch: pytest.MonkeyPatch, fact: str) -> None:
    no = (ConsentGrant(purpose=Purpose.PHONE_SALES, granted=False, basis="consent"),)

    done = supposed(monkeypatch, no, fact)
    taken_back = supposed(monkeypatch, no, fact, "person.withdrawn={}")
    data = json.loads(supposed(monkeypatch, no, fact, "--json").stdout)["data"]

    said = "Consent to phone_sales is refused all the same: The person has said no. "
    assert f"{said}[consent/purpose#withdrawn]" in done.stdout
    assert "suppose person.withdrawn without phone_sales, too" in done.stdout
    assert "refused all the same" not in taken_back.stdout
    assert data["refused"][0].startswith(said)
