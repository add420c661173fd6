"""A command imports what it needs itself, and nothing that only others need."""

import subprocess
import sys

import pytest
from typer.main import get_command

from cli import commands
from cli.main import build
from cli.tool_commands import list_commands
from mos import plugins

HEAVY = ("boto3", "botocore", "numpy", "mos.policy", "rich.console", "litellm")
PRINT = "import sys; print(*sorted(sys.modules))"
MATCH = ["identity", "match", "--help"]


def loaded(words: list[str]) -> list[str]:
    """Return the modules that are there when a command line is ready to run."""
    code = f"from cli.main import build; build({words!r}); {PRINT}"
    done = subprocess.run(  # noqa: S603  our own interpreter, no shell
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=600
    )
    return done.stdout.split()


def test_a_match_is_ready_without_aws_numbers_or_policy() -> None:
    assert not [name for name in loaded(MATCH) if name in HEAVY]


def test_a_command_that_is_asked_for_is_the_only_one_imported() -> None:
    found = {n.split(".")[2] for n in loaded(["status"]) if n.startswith("cli.commands.")}

    assert found == {"status"}


@pytest.mark.parametrize("words", [[], ["--help"], ["no-such-command"]])
def test_everything_is_listed_where_no_command_is_named(words: list[str]) -> None:
    listed = getattr(get_command(build(words)), "commands")  # noqa: B009  typed as any command

    own = {name.rstrip("-") for name in plugins.names(commands)}
    assert set(listed) == own | {words.split()[0] for words in list_commands()}
    assert all(command.help for command in listed.values())


@pytest.mark.parametrize("name", plugins.names(commands))
def test_one_command_alone_still_goes_by_its_name(name: str) -> None:
    word = name.rstrip("-")

    assert set(getattr(get_command(build([word])), "commands")) == {word}  # noqa: B009  see above
