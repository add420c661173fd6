"""What the command line says of arguments that are not its own, and what it never says."""

import json

import pytest
from typer.testing import CliRunner, Result

from cli.main import build

_FOREIGN = ("Input should", "pydantic", "Usage:", "Error", "Invalid value", "Question", "╭")


def mos(*words: str) -> Result:
    return CliRunner().invoke(build(words), list(words), prog_name="mos")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("trace", 'trace: id: is needed, such as "dec_0123'),
        ("find", 'find: text: is needed, such as "Jane Doe at Bright Pay"'),
        ("find x --most abc", "find: --most: expected a whole number"),
        ("find x --mst 3", "--mst: is not known here; known are --kind, --most, --skip, --json"),
        ("find x --mst 3", "did you mean --most?"),
        ("find x --most", "find: --most: needs a value"),
        ("find Jane Doe", "find: more words than it takes: put what has several words into quotes"),
        ("decide jane@acme.example --fresh=yes", "decide: --fresh: takes no value"),
        ("identity unmerge", "identity unmerge: subject: is needed"),
        ("identity match x --threshold 7", "identity match: --threshold: expected 1 or less"),
        ("policy which --most 0", "policy which: --most: expected 1 or more"),
        (
            "account Acme",
            "account Acme: there is no such command; there are relate, show; `mos",
        ),
        ("policy chek", "did you mean check?"),
        ("wyh jane", "wyh: there is no such command; did you mean why?"),
        ("policy which", "policy which: name a --row or a --lead"),
    ],
)
def test_a_wrong_argument_is_named_with_what_is_expected(words: str, says: str) -> None:
    said = mos(*words.split())

    assert said.exit_code == 2
    assert said.stderr.startswith("malformed: ")
    assert says in said.stderr
    assert "--help` shows how it is asked" in said.stderr
    assert not any(word in said.output for word in _FOREIGN)


def test_a_script_is_told_so_in_json() -> None:
    said = mos("trace", "--json")

    told = json.loads(said.stdout)
    assert said.exit_code == 2
    assert (told["ok"], told["reason"], told["retry"]) == (False, "malformed", False)
    assert "trace: id: is needed" in told["detail"]


def test_help_is_asked_for_as_before() -> None:
    said = mos("find", "--help")

    assert said.exit_code == 0
    assert "--most" in said.stdout
