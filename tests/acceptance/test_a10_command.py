"""`mos rehearse` as a reviewer and CI use it: what it tells, writes and refuses."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.commands.rehearse import app
from mos.model.base import canonical
from mos.model.impact import Impact
from mos.policy.bundle.bundle import Bundle
from tests.acceptance.test_a10_rehearsal import HARM, market, with_row
from tests.builders import POLICIES


def mos(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def lines_of(records: Any) -> str:
    return "".join(
        canonical({"decision": dict(r.decision), "reward": r.reward}) + "\n" for r in records
    )


def folder(path: Path, bundle: Bundle) -> Path:
    for name, body in bundle.files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(body)
    return path


@pytest.mark.slow
def test_the_command_tells_it_writes_a_page_and_fails_ci(tmp_path: Path) -> None:
    log, page, text = tmp_path / "log.jsonl", tmp_path / "page.html", tmp_path / "pr.md"
    log.write_text(lines_of(market()[1]))
    bad = folder(tmp_path / "bad", with_row(HARM))

    failed = mos("--bundle", bad, "--file", log, "--html", page, "--markdown", text)
    passed = mos("--bundle", POLICIES, "--file", log, "--json")

    assert (failed.exit_code, passed.exit_code) == (1, 0)
    assert "change route" in failed.output
    assert "<script" not in page.read_text()
    assert "The candidate does not pass" in page.read_text()
    assert text.read_text().startswith("## Rehearsal: does not pass")
    assert Impact.model_validate_json(passed.stdout).compared == len(market()[1])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no decision was recorded"),
        ("not json\n", "line 1 is no recorded decision"),
        ('{"decision_id": "dec_1"}\n', "line 1 is no recorded decision"),
    ],
)
def test_a_file_that_cannot_be_rehearsed_on_is_refused_by_line(
    tmp_path: Path, text: str, says: str
) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(text)

    result = mos("--bundle", POLICIES, "--file", log)

    assert result.exit_code == 2
    assert says in result.output


@pytest.mark.slow
def test_a_hundred_decisions_are_too_few_to_pass(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(lines_of(market()[1][:100]))

    result = mos("--bundle", POLICIES, "--file", log)

    assert result.exit_code == 1
    assert "100 decisions compared, 200 are needed" in " ".join(result.output.split())


@pytest.mark.slow
def test_a_decision_that_stands_twice_in_a_file_counts_once(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(lines_of(market()[1]) * 2)

    result = mos("--bundle", POLICIES, "--file", log, "--json")

    assert Impact.model_validate_json(result.stdout).decisions == len(market()[1])


def test_a_damaged_archive_is_refused_by_part(tmp_path: Path) -> None:
    (tmp_path / "part-0.npz").write_bytes(b"not an archive")

    result = mos("--bundle", POLICIES, "--file", tmp_path)

    assert result.exit_code == 2
    assert "part-0.npz: not a part of an archive, or damaged" in " ".join(result.output.split())


def test_a_file_that_is_not_there_is_named_with_how_to_get_one(tmp_path: Path) -> None:
    result = mos("--bundle", POLICIES, "--file", tmp_path / "missing.jsonl")

    assert result.exit_code == 2
    assert "missing.jsonl: there is no such file. A file of decisions has" in result.stderr
    assert "mos rehearse --keep" in result.stderr
    assert "Errno" not in result.stderr


@pytest.mark.parametrize("option", ["--html", "--markdown", "--keep"])
def test_a_folder_that_is_not_there_is_named_before_anything_is_read(
    tmp_path: Path, option: str
) -> None:
    result = mos("--bundle", POLICIES, "--world", "7", option, tmp_path / "none" / "report")

    assert result.exit_code == 2
    assert "there is no folder" in result.stderr


@pytest.mark.slow
def test_what_somebody_stands_for_is_said_wherever_the_report_is_read(tmp_path: Path) -> None:
    log, page, text = tmp_path / "log.jsonl", tmp_path / "page.html", tmp_path / "pr.md"
    log.write_text(lines_of(market()[1]))
    bad = folder(tmp_path / "bad", with_row(HARM))
    how = ("--bundle", bad, "--file", log, "--accept", "Sales asked for it")

    told = mos(*how, "--html", page, "--markdown", text)
    impact = Impact.model_validate_json(mos(*how, "--json").stdout)

    assert told.exit_code == 0
    assert impact.broken == ()
    assert "100% of segment enterprise goes elsewhere" in impact.waived
    for said in (told.output, page.read_text(), text.read_text()):
        words = " ".join(said.replace("│", " ").split())
        assert "Sales asked for it" in words
        assert "of segment enterprise goes elsewhere" in words


def test_a_file_from_which_lines_can_be_left_out_signs_nothing(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(lines_of(market()[1]))

    signed = mos("--bundle", POLICIES, "--file", log, "--sign")
    both = mos("--bundle", POLICIES, "--file", log, "--world", 7)

    assert (signed.exit_code, both.exit_code) == (2, 2)
    assert "anybody can leave lines out of a file" in signed.stderr
    assert "--file or --world" in both.stderr


@pytest.mark.parametrize("line", ['{"decision": {}, "reward": NaN}', "[1]", '{"a": Infinity}'])
def test_a_line_that_is_no_record_is_refused_in_words(tmp_path: Path, line: str) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(line + "\n")

    result = mos("--bundle", POLICIES, "--file", log)

    assert result.exit_code == 2
    assert "line 1 is no recorded decision" in " ".join(result.output.split())
    assert "attribute" not in result.output
