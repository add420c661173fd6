"""Cassettes: an evaluation is heard again without network or key, repeat by repeat."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.commands.prompt import app
from cli.prompts.cassettes import read_cassettes, write_cassettes
from cli.prompts.job import PromptJob
from functions.llm.call import Model, ModelReply
from functions.llm.evaluate.evaluate import RULE
from mos.errors import BundleError
from mos.model.completion import Reason
from mos.tasks.infer_role import TASK as ROLE
from tests.builders import POLICIES, starter
from tests.commands import written
from tests.evaluating import PROMPT, SeededModel, reworded


def job(path: Path, live: Model | None, **changes: object) -> PromptJob:
    said = {"task": ROLE, "candidate": starter(), "against": RULE, "cassettes": path,
            "repeats": 3, "margin": 0.1, "usd": 5.0, "live": live, "fresh": False}  # fmt: skip
    return PromptJob(**(said | changes))  # type: ignore[arg-type]


def quiet(_share: float, _what: str) -> None:
    """Say nothing."""


class Down:
    """A provider that gives no answer."""

    def complete(self, _call: object) -> ModelReply:
        return ModelReply(Reason.UNREACHABLE)


def mos(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_what_was_asked_live_is_heard_again_without_a_model(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    model = SeededModel(1, lambda _prompt: 0.2)
    live = job(path, model).run(quiet)

    again = job(path, None).run(quiet)

    assert again.after == live.after
    assert again.paired == live.paired
    assert live.paired.verdict == "better"
    assert "nothing asked live" in again.source


def test_each_repeat_is_a_call_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    model = SeededModel(1, lambda _prompt: 0.5)

    job(path, model).run(quiet)

    kept = read_cassettes(path)
    assert len(kept) == sum(model.asked.values())
    assert {one.repeat for one in kept.values()} == {0, 1, 2}


def test_what_is_recorded_is_not_asked_again_unless_it_is_to_be_signed(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    job(path, SeededModel(1, lambda _prompt: 0.0)).run(quiet)
    second, third = SeededModel(1, lambda _p: 0.0), SeededModel(1, lambda _p: 0.0)

    job(path, second).run(quiet)
    job(path, third, fresh=True).run(quiet)

    assert not second.asked
    assert third.asked


def test_a_changed_prompt_finds_no_cassette_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    job(path, SeededModel(1, lambda _prompt: 0.0)).run(quiet)

    found = job(path, None, candidate=reworded("Be brief.")).run(quiet)

    assert found.after.answers == 0
    assert found.paired.verdict == "cannot tell"
    assert "not recorded" in found.paired.why


def test_an_outage_is_no_answer_and_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"

    found = job(path, Down()).run(quiet)

    assert found.after.answers == 0
    assert found.paired.verdict == "cannot tell"
    assert not path.exists()


def test_the_same_cassettes_give_the_same_file_and_a_broken_one_is_named(tmp_path: Path) -> None:
    path, other = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    job(path, SeededModel(1, lambda _prompt: 0.2)).run(quiet)

    write_cassettes(other, dict(reversed(read_cassettes(path).items())))

    assert other.read_bytes() == path.read_bytes()
    other.write_text("{}\n")
    with pytest.raises(BundleError, match="no file of cassettes"):
        read_cassettes(other)


def test_a_bundles_cassettes_are_no_part_of_it(tmp_path: Path) -> None:
    folder = written(tmp_path, starter())
    page, text = tmp_path / "out.html", tmp_path / "out.md"
    job(folder / "cassettes/infer_role.jsonl", SeededModel(1, lambda _p: 0.1)).run(quiet)

    done = mos("eval", "infer_role", "--bundle", folder, "--html", page, "--markdown", text)

    assert done.exit_code == 0, done.output
    assert "infer_role: better" in done.stdout
    assert text.read_text().startswith("## infer_role: better")
    assert "<script" not in page.read_text()
    assert "light dark" in page.read_text()


def test_a_column_that_nobody_filled_stays_empty_and_says_so(tmp_path: Path) -> None:
    text = tmp_path / "out.md"

    done = mos("eval", "infer_role", "--cassettes", tmp_path / "none.jsonl", "--markdown", text)

    assert done.exit_code == 1
    assert "| pass every check | 19.0% | empty: nobody has run it live |" in text.read_text()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("eval", "infer_rule"), "there is no such task"),
        (("eval", "infer_role", "--sign"), "with --live"),
        (("eval", "infer_role", "--accept", "me"), "with --sign"),
        (("eval", "infer_role", "--against", "nowhere"), "no folder, no published bundle"),
    ],
)
def test_what_cannot_be_evaluated_is_refused(words: tuple[str, ...], says: str) -> None:
    done = mos(*words)

    assert done.exit_code == 2
    assert says in done.output


def test_a_diff_shows_what_a_task_asks_otherwise(tmp_path: Path) -> None:
    folder = written(tmp_path, reworded("Be brief."))

    done = mos("diff", "infer_role", "--bundle", folder, "--against", POLICIES, "--json")

    assert done.exit_code == 1
    [found] = json.loads(done.stdout)["differences"]
    assert found["file"] == PROMPT
    assert "+Be brief." in found["lines"]
    assert mos("diff", "nominate", "--bundle", folder, "--against", POLICIES).exit_code == 0
