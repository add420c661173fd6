"""The pipeline that is there to copy asks for nothing that the command line does not do."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from cli.main import build

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "pipeline" / "github.yml"


def steps() -> list[dict[str, Any]]:
    said = yaml.safe_load(FILE.read_text())
    return [step for job in said["jobs"].values() for step in job["steps"]]


def commands(name: str) -> list[list[str]]:
    text = "\n".join(step["run"] for step in steps() if "run" in step)
    found = re.findall(rf"(?:^|[ /;{{]){name} ([^\n;>|&}}]+)", text, re.MULTILINE)
    return [shlex.split(one) for one in found]


@pytest.mark.parametrize("words", commands("mos"), ids=" ".join)
def test_every_command_is_one_that_there_is(words: list[str]) -> None:
    asked, rest = get_command(build(words)), list(words)
    context = asked.make_context("mos", [], resilient_parsing=True)
    while hasattr(asked, "commands"):
        asked = asked.commands[rest.pop(0)]
        context = asked.make_context(asked.name, list(rest), parent=context, resilient_parsing=True)

    asked.parse_args(context, rest)


def test_it_uses_the_makefiles_goals() -> None:
    goals = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    asked = {words[0] for words in commands("make")}

    assert asked
    assert asked <= goals


def test_the_pipeline_publishes_and_never_activates() -> None:
    verbs = {tuple(words[:2]) for words in commands("mos")}

    assert ("policy", "publish") in verbs
    assert not {("policy", "activate"), ("policy", "rollback")} & verbs
    assert "--activate" not in FILE.read_text()


def test_pull_requests_of_forks_get_no_role() -> None:
    said = yaml.safe_load(FILE.read_text())

    assert "!github.event.pull_request.head.repo.fork" in said["jobs"]["propose"]["if"]
