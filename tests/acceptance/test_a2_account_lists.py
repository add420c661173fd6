"""Lists of accounts that change daily: companies exist before any signal, and leave with it."""

import importlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from mos.errors import MalformedError
from mos.identity.lists.account_sheet import read_account_sheet
from mos.policy.declared_facts import declared_facts
from tests.builders import starter
from tests.system_in_process import System

accounts = importlib.import_module("cli.commands.accounts")
FIRST = """Company,Website,Account Owner,Tier
Bright Pay,https://www.brightpay.example/de,ae-marsh,A
Acme,acme.example,,B
Nobody,gmail.com,,C
Twice,acme.example,,C
"""
SECOND = "Company,Website,Tier\nAcme,acme.example,A\nNew,new.example,A\n"


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    made = System(starter())

    def ask(tool: str, **arguments: Any) -> dict[str, Any]:
        return {"ok": True, **made.ask(tool, **arguments).model_dump(mode="json")}

    monkeypatch.setattr(accounts, "deployment", lambda: SimpleNamespace(ask=ask))
    return made


def bring_in(system: System, tmp_path: Path, text: str, *words: str) -> Result:
    file = tmp_path / "targets.csv"
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(
        accounts.app, ["import", str(file), "--list", "target_accounts", *words]
    )
    system.later(minutes=1)
    system.unify(system.now)
    return done


def on_list(system: System, domain: str) -> Any:
    traits = system.ask("account", subject=domain).data["traits"]
    return declared_facts(traits.get, "account", starter()).get("account.on_target_list")


def test_companies_exist_before_anybody_there_has_done_anything(
    system: System, tmp_path: Path
) -> None:
    done = bring_in(system, tmp_path, FIRST)

    assert done.exit_code == 0, done.output
    assert "2 put on target_accounts, 0 taken off" in done.output
    assert "line 4: 'gmail.com' is no company's website" in done.output
    assert "line 5: acme.example stands there twice" in done.output
    bright = system.ask("account", subject="brightpay.example").data
    assert (bright["name"], bright["owner"], bright["people"]) == ("Bright Pay", "ae-marsh", 0)
    assert bright["traits"]["tier"] == "A"
    assert on_list(system, "brightpay.example") is True


def test_who_is_not_on_the_list_any_more_is_taken_off_and_may_come_back(
    system: System, tmp_path: Path
) -> None:
    bring_in(system, tmp_path, FIRST)

    changed = bring_in(system, tmp_path, SECOND)
    between = {d: on_list(system, f"{d}.example") for d in ("brightpay", "acme", "new")}
    back = bring_in(system, tmp_path, FIRST, "--no-keep")

    assert "2 put on target_accounts, 1 taken off" in changed.output
    assert between == {"brightpay": False, "acme": True, "new": True}
    assert "2 put on target_accounts, 1 taken off" in back.output
    assert on_list(system, "brightpay.example") is True
    assert on_list(system, "new.example") is False
    shown = system.ask("account_list", list="target_accounts").data
    assert shown["accounts"] == ["acme.example", "brightpay.example"]


def test_a_line_that_cannot_be_read_takes_nobody_off(system: System, tmp_path: Path) -> None:
    bring_in(system, tmp_path, FIRST)

    garbled = bring_in(system, tmp_path, "Company,Website\nNew,new.example\nBright Pay,\n")
    kept = on_list(system, "brightpay.example")
    repeated = bring_in(system, tmp_path, "Website\nnew.example\nhttps://new.example/\n")

    assert "1 put on target_accounts, 0 taken off" in garbled.output
    assert "nobody is taken off" in garbled.output
    assert "--no-keep" in garbled.output
    assert kept is True
    assert "1 put on target_accounts, 2 taken off" in repeated.output


def test_a_file_that_is_not_there_is_named_in_plain_words(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        done = CliRunner().invoke(accounts.app, ["import", str(path), "--list", "target_accounts"])
        assert done.exit_code == 2
        assert str(path) in done.output.replace("\n", "")
        assert "Errno" not in done.output


def test_a_dry_run_sends_nothing_and_keep_takes_nobody_off(system: System, tmp_path: Path) -> None:
    tried = bring_in(system, tmp_path, FIRST, "--dry-run")
    nobody = system.ask("account_list", list="target_accounts").data["count"]
    bring_in(system, tmp_path, FIRST)
    bring_in(system, tmp_path, SECOND, "--keep")

    assert "nothing was sent" in tried.output
    assert nobody == 0
    assert system.ask("account_list", list="target_accounts").data["count"] == 3


def test_a_long_list_goes_in_parts_and_out_in_parts(system: System, tmp_path: Path) -> None:
    rows = "".join(f"firm{n}.example\n" for n in range(130))
    bring_in(system, tmp_path, "domain\n" + rows)

    done = bring_in(system, tmp_path, "domain\nfirm0.example\n")

    assert "1 put on target_accounts, 129 taken off" in done.output
    assert on_list(system, "firm129.example") is False


@pytest.mark.parametrize(
    ("text", "missing"),
    [("", "the file is empty"), ("Name,Town\nAcme,Bonn\n", "no column of websites"),
     ("domain\n", "a header and no rows")],
)  # fmt: skip
def test_a_file_that_is_no_list_says_what_is_missing(
    system: System, tmp_path: Path, text: str, missing: str
) -> None:
    done = bring_in(system, tmp_path, text)

    assert done.exit_code == 2
    assert missing in done.output
    assert system.ask("account_list", list="target_accounts").data["count"] == 0


def test_columns_are_known_by_their_headings_in_several_languages() -> None:
    sheet = read_account_sheet(b"Firma;Webseite;Branche;Umsatz 2025\nAcme;acme.de;IT;5\n")

    assert sheet.columns == {"Firma": "name", "Webseite": "domain", "Branche": "industry",
                             "Umsatz 2025": "umsatz_2025"}  # fmt: skip
    assert sheet.companies[0].domain == "acme.de"
    assert sheet.companies[0].facts == {"name": "Acme", "industry": "IT", "umsatz_2025": "5"}


def test_only_operators_change_a_list(system: System) -> None:
    with pytest.raises(MalformedError, match="round"):
        system.ask("account_list", word="put", list="x1", accounts=[{"domain": "a.example"}])
