"""The field's own checkers have nothing to say of what is deployed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.infra.template import Templates

ROOT = Path(__file__).parents[2]
NOT_ASKED = {
    "W3005": "the CDK names a role's policy as a dependency, and the role that is referred to too",
}


@pytest.fixture(params=["templates", "every"])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    made: Templates = request.getfixturevalue(request.param)
    files = []
    for stack, template in made.stacks.items():
        files.append(tmp_path / f"{stack}.template.json")
        files[-1].write_text(json.dumps(template))
    return files


def lint(files: list[Path]) -> list[dict[str, Any]]:
    checked = subprocess.run(  # noqa: S603  our own templates
        [str(Path(sys.executable).parent / "cfn-lint"), "--format", "json",
         "--ignore-checks", *NOT_ASKED, "--template", *map(str, files)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert checked.stdout, checked.stderr
    found: list[dict[str, Any]] = json.loads(checked.stdout)
    return found


def test_cfn_lint_finds_nothing_in_any_template(written: list[Path]) -> None:
    found = lint(written)

    assert written
    assert [f"{Path(f['Filename']).name} {f['Rule']['Id']}: {f['Message']}" for f in found] == []


def test_cfn_lint_is_listened_to(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.template.json"
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueNam": "misspelt"}}
    wrong.write_text(json.dumps({"Resources": {"Queue": queue}}))

    assert [f["Rule"]["Id"] for f in lint([wrong])] == ["E3002"]


def definitions(files: list[Path]) -> Iterator[tuple[str, str]]:
    """Yield each state machine's definition, its references filled in as a function's ARN is."""
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:x"
    for file in files:
        for name, body in json.loads(file.read_text())["Resources"].items():
            if body["Type"] == "AWS::StepFunctions::StateMachine":
                text = body["Properties"]["DefinitionString"]
                for key in body["Properties"]["DefinitionSubstitutions"]:
                    text = text.replace(f"${{{key}}}", arn)
                assert "${" not in text, name
                yield name, text


def validate(definition: Path) -> subprocess.CompletedProcess[str]:
    command = ["node", str(ROOT / "node_modules/.bin/asl-validator"), "--json-path"]
    return subprocess.run(  # noqa: S603  our own definitions
        [*command, str(definition)], capture_output=True, text=True, check=False, timeout=120
    )


def test_every_workflow_is_valid_amazon_states_language(
    written: list[Path], tmp_path: Path
) -> None:
    texts = dict(definitions(written))

    for name, text in texts.items():
        file = tmp_path / f"{name}.asl.json"
        file.write_text(text)
        checked = validate(file)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    assert texts


def test_a_workflow_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "nowhere.asl.json"
    file.write_text(json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}))

    assert validate(file).returncode
