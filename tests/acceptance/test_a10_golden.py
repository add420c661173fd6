"""Row A.10.7: a corrected decision becomes a test, with one command."""

import importlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import record
from cli.commands.policy import app
from functions.simulation.golden.make import make_golden
from functions.simulation.golden.run import detects_change, run_golden
from mos.deployment import storage
from mos.errors import MalformedError
from mos.model.golden import Expected
from mos.policy.bundle.bundle import Bundle, read_folder
from mos.policy.table.engine import CompiledTable
from tests.acceptance.recorded import BO, JANE, bo, played
from tests.acceptance.recorded import record as kept
from tests.builders import without_holdout
from tests.system_in_process import System

pytestmark = pytest.mark.slow

publish = importlib.import_module("cli.commands.policy.publish")
WHY = "Their AE was at the fair and a call was promised."


class Stage:
    """A deployment whose agent function is the system's."""

    def __init__(self, system: System) -> None:
        self.system = system

    def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:
        return {"ok": True, **self.system.ask(tool, **arguments).model_dump(mode="json")}


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    made = played(System)
    made.play(*bo())
    monkeypatch.setattr(record, "deployment", lambda: Stage(made))
    monkeypatch.setattr(storage, "open_bundles", lambda _: made.store)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, body in without_holdout().files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(body)
    return tmp_path


def mos(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def decided(system: System, subject: str = JANE) -> str:
    return kept(system, subject=subject).decision.decision_id


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))


def files(folder: Path) -> dict[str, bytes]:
    return read_folder(folder).files


def test_a10_07_a_corrected_route_fails_until_the_table_is_right(
    system: System, folder: Path
) -> None:
    word = ("golden", decided(system, BO), "--route", "bdr", "--because", WHY, "--into", folder)

    result = mos(*word)
    failing = mos("test", "routing/route", "--bundle", folder)
    checked = mos("check", "--bundle", folder)
    edit(folder, "tables/routing/route.toml", "[[row]]", ROW + "\n[[row]]")
    mended = mos("test", "routing/route", "--bundle", folder)

    assert (result.exit_code, failing.exit_code, checked.exit_code) == (0, 1, 1), result.output
    assert "tests/routing/route-golden.toml: written" in result.stdout
    assert "now: to = marketing [routing/route#" in result.stdout
    assert WHY in failing.stdout
    assert mended.exit_code == 0, mended.stdout


ROW = """[[row]]
id = "small_call"
when = { "account.employees" = 30 }
then = { to = "bdr", pool = "pool_bdr" }
why = "A test."
"""


def test_a10_07_a_corrected_action_fails_until_the_policy_is_right(
    system: System, folder: Path
) -> None:
    word = ("golden", decided(system), "--action", "email_roi", "--because", WHY, "--into", folder)

    result = mos(*word)
    failing = mos("test", "--bundle", folder)
    checked = mos("check", "--bundle", folder)
    edit(folder, "actions/email_roi.toml", "value = ", "lever = 500.0\nvalue = ")
    mended = mos("test", "--bundle", folder)

    assert (result.exit_code, failing.exit_code, checked.exit_code) == (0, 1, 1), result.output
    assert "ae_handoff/crm_task for person-1 wins" in result.stdout
    assert "email_roi/plain for person-1 is worth less" in result.stdout
    assert "expected email_roi to win, found ae_handoff/crm_task for" in failing.stdout
    assert "golden/email_roi-" in checked.stdout
    assert mended.exit_code == 0, mended.stdout


def test_a10_07_an_action_that_should_not_have_come_first(system: System, folder: Path) -> None:
    person = kept(system, subject=JANE).person_id
    word = ("golden", decided(system), "--never", "ae_handoff", "--person", person)

    result = mos(*word, "--because", WHY, "--into", folder, "--json")
    told = json.loads(result.stdout)

    assert result.exit_code == 0
    assert told["fails"] is True
    assert told["example"]["expect"] == {"never": "ae_handoff", "person": "person-1"}
    assert told["replay_differences"] == []


@pytest.mark.parametrize("what", [("--route", "bdr"), ("--action", "email_roi")])
def test_a10_07_the_same_word_twice_is_there_already(
    system: System, folder: Path, what: tuple[str, str]
) -> None:
    word = ("golden", decided(system), *what, "--because", WHY, "--into", folder)

    mos(*word)
    once = files(folder)
    again = mos(*word)

    assert again.exit_code == 0
    assert "says so already, nothing was written" in again.stdout
    assert files(folder) == once


@pytest.mark.parametrize("what", [("--route", "bdr"), ("--action", "email_roi")])
def test_a10_07_nobody_is_named(system: System, folder: Path, what: tuple[str, str]) -> None:
    was, before = kept(system, subject=JANE).decision, files(folder)

    mos("golden", was.decision_id, *what, "--because", WHY, "--into", folder)
    [text] = [body.decode() for name, body in files(folder).items() if name not in before]

    assert not any(one in text for one in ("per_", "acc_", "grp_", "acmepay", "jane", "masked:"))
    assert "person.title" not in text


def test_a10_07_what_wins_is_what_the_record_ranked_first(system: System) -> None:
    for subject in (JANE, BO):
        made = kept(system, subject=subject)
        alive = [c for c in made.decision.candidates if not c.fell]
        best = max(alive, key=lambda c: c.priority or 0)
        example = make_golden(made, Expected(action="do_nothing"), WHY, made.bundle)

        found = run_golden(example, made.bundle)

        assert (found.best.action, found.best.priority) == (best.action, best.priority)


def test_a10_07_a_changed_table_is_noticed(system: System) -> None:
    made = kept(system, subject=JANE)
    example = make_golden(made, Expected(action="ae_handoff"), WHY, made.bundle)
    same = made.bundle.table("routing/route")
    other = CompiledTable(replace(same.table, rows=()))

    assert not detects_change([example], same, made.bundle)
    assert detects_change([example], other, made.bundle)


def test_a10_07_its_rows_count_and_what_holds_already_says_so(system: System, folder: Path) -> None:
    word = ("golden", decided(system), "--never", "email_welcome", "--because", WHY)
    (folder / "tests/gates/applicability.toml").unlink()
    made = json.loads(mos("test", "--bundle", folder, "--json").stdout)

    result = mos(*word, "--into", folder)
    after = json.loads(mos("test", "--bundle", folder, "--json").stdout)

    assert result.exit_code == 1
    assert "it holds already under this policy" in result.stdout
    assert after["examples"] == made["examples"] + 1
    assert after["failed_decisions"] == []
    assert after["reached"] > made["reached"]


def test_a10_07_a_cap_of_another_window_cannot_be_told(system: System) -> None:
    made = kept(system, subject=JANE)
    file = "tables/contact/limits.toml"
    text = made.bundle.text(file).replace("hours = 168", "hours = 72", 1)
    other = Bundle(made.bundle.files | {file: text.encode()})

    found = run_golden(make_golden(made, Expected(action="ae_handoff"), WHY, made.bundle), other)

    assert not found.holds
    assert "cannot be told: state group-1#any#72h" in found.said


def test_a10_07_a_word_against_another_is_refused(system: System, folder: Path) -> None:
    word = ("golden", decided(system), "--because", WHY, "--into", folder)

    mos(*word, "--action", "email_roi")
    other = mos(*word, "--action", "email_welcome")
    mos(*word, "--route", "bdr")
    route = mos(*word, "--route", "marketing")

    assert (other.exit_code, route.exit_code) == (2, 2)
    assert "expects email_roi to win of the same facts" in other.stderr
    assert "says otherwise of the same facts" in route.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--route", "fax"), "routing/route answers"),
        (("--action", "fax"), "the catalogue has"),
        (("--action", "email_roi", "--person", "per_x"), "the record has per_"),
        (("--table", "scorecards/segments", "--expect", "size=3"), "scorecards/segments answers"),
        (("--table", "gates/suitability", "--expect", "allow=true"), "correct the decision"),
        (("--table", "nothing/here", "--expect", "a=b"), "has no such table"),
        ((), "one of --route, --table"),
        (("--route", "ae", "--action", "email_roi"), "one of --route, --table"),
        (("--route", "bdr", "--because", "ask jo@x.example"), "without mailbox"),
    ],
)
def test_a10_07_what_cannot_be_written_ends_with_two_and_one_line(
    system: System, folder: Path, words: tuple[str, ...], says: str
) -> None:
    before = files(folder)

    result = mos("golden", decided(system), "--because", WHY, "--into", folder, *words)

    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert files(folder) == before


def test_a10_07_another_table_is_corrected_by_its_outputs(system: System, folder: Path) -> None:
    word = ("golden", decided(system), "--table", "scorecards/segments", "--because", WHY)

    result = mos(*word, "--expect", "segment=enterprise", "--into", folder)

    assert result.exit_code == 0, result.output
    assert "tests/scorecards/segments-golden.toml: written" in result.stdout
    assert mos("test", "scorecards/segments", "--bundle", folder).exit_code == 1


def test_a10_07_an_account_in_the_control_group_has_nothing_to_correct() -> None:
    made = kept(played(System), subject=JANE)
    out = type(made)(made.body.replace('"bundle"', '"held_out":true,"bundle"', 1), made.bundle)

    with pytest.raises(MalformedError, match="nothing was to be decided"):
        make_golden(out, Expected(action="email_roi"), WHY, made.bundle)
