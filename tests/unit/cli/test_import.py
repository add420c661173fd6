"""`mos import --dry-run`: no system up, nothing sent, nothing written; what is open is asked."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.imports.report import write, write_refused
from cli.main import build
from mos.identity.lists.plan import RowOutcome
from tests.cases.lists import open_list

LIST = (
    "First Name,Email,Phone,Newsletter\nAda,ada@b.example,+44 20 7946 0001,yes\n"
    "Bob,bob@c.example,,no\nAda,ADA@b.example,,\nA.,,+442079460001,\nEve,nobody,,yes\n"
)
KEYS = ["columns", "grants", "matched_against", "questions", "rows", "withdrawals", "would_merge"]


def run(tmp_path: Path, text: str, *arguments: str, name: str = "fair.csv") -> Result:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(
        build(["import"]), ["import", str(file), "--no-match", "--dry-run", *arguments]
    )


def told(done: Result) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_dry_run_says_as_json_what_would_happen(tmp_path: Path) -> None:
    done = run(tmp_path, LIST, "--json")

    answer = told(done)
    assert done.exit_code == 0
    assert list(answer) == KEYS
    assert [list(c) for c in answer["columns"]] == [["column", "effect", "meaning"]] * 4
    assert [c["effect"] for c in answer["columns"]] == [
        "trait",
        "identifier",
        "identifier",
        "either",
    ]
    assert answer["grants"] == answer["withdrawals"] == {"email_marketing": 1}
    assert [(r["line"], r["status"]) for r in answer["rows"]] == [
        (2, "accepted"), (3, "accepted"), (4, "accepted"), (5, "accepted"), (6, "refused"),
    ]  # fmt: skip
    assert all(list(r) == ["fields", "line", "note", "status"] for r in answer["rows"])
    assert answer["would_merge"] == [
        {"by": "email", "lines": [2, 4]}, {"by": "phone", "lines": [2, 5]},
    ]  # fmt: skip
    assert answer["matched_against"] is None
    assert answer["questions"] == []
    assert [path.name for path in tmp_path.iterdir()] == ["fair.csv"]


def test_it_says_in_words_who_would_be_one_and_how_many_are_granted_what(tmp_path: Path) -> None:
    done = run(tmp_path, LIST)

    assert "grants email_marketing: 1 person" in done.stderr
    assert "takes away email_marketing: 1 person" in done.stderr
    assert "3 rows would be one person" in done.stderr


@pytest.mark.parametrize("dry", [["--dry-run"], []])
def test_with_a_question_open_nothing_is_sent(tmp_path: Path, dry: list[str]) -> None:
    (tmp_path / "fair.csv").write_text("Email,Opt-in\nada@b.example,yes\n", encoding="utf-8")

    done = CliRunner().invoke(
        build(["import"]), ["import", str(tmp_path / "fair.csv"), "--no-match", "--json", *dry]
    )

    assert done.exit_code == 3
    [question] = told(done)["questions"]
    assert sorted(question) == ["choices", "column", "why"]
    assert question["column"] == "Opt-in"
    assert told(done)["grants"] == {}


@pytest.mark.parametrize(
    ("meaning", "granted", "withdrawn"),
    [("consent:email_marketing", {"email_marketing": 1}, {}),
     ("withdraws:email_marketing", {}, {"email_marketing": 1}), ("ignore", {}, {})],
)  # fmt: skip
def test_a_person_s_word_answers_it(
    tmp_path: Path, meaning: str, granted: dict[str, int], withdrawn: dict[str, int]
) -> None:
    text = "Email,Opt-in\nada@b.example,yes\n"

    done = run(tmp_path, text, "--json", "--map", f"Opt-in={meaning}")

    assert done.exit_code == 0
    assert (told(done)["grants"], told(done)["withdrawals"]) == (granted, withdrawn)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--map", "Shoe=email"], "there is no column"), (["--map", "Email=shoe"], "is no meaning"),
     (["--map", "Email"], "column=meaning"), (["--provenance", "aunt"], "provenance is one of")],
)  # fmt: skip
def test_a_wrong_option_is_named(tmp_path: Path, arguments: list[str], says: str) -> None:
    done = run(tmp_path, "Email\nada@b.example\n", *arguments)

    assert done.exit_code == 2
    assert says in done.stderr


def test_what_is_written_back_is_no_formula_and_reads_again_as_it_was(tmp_path: Path) -> None:
    sheet = open_list("First Name,Email,Code\n=cmd,nobody,-12345\n@x,nobody,+49 30 1\n")
    outcomes = [RowOutcome(2, "refused", "=why"), RowOutcome(3, "refused", "why")]

    write(tmp_path / "report.csv", outcomes)
    write_refused(tmp_path / "mend.csv", sheet, outcomes)

    with (tmp_path / "mend.csv").open(encoding="utf-8", newline="") as file:
        mend = list(csv.reader(file))
    assert mend[1][:3] == ["'=cmd", "nobody", "-12345"]
    assert mend[2][:3] == ["'@x", "nobody", "+49 30 1"]
    assert "'=why" in (tmp_path / "report.csv").read_text("utf-8")


def test_a_report_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    report = tmp_path / "out.csv"

    run(tmp_path, LIST, "--report", str(report))

    assert [line.split(",")[1] for line in report.read_text("utf-8").splitlines()[1:]] == [
        "accepted", "accepted", "accepted", "accepted", "refused",
    ]  # fmt: skip
