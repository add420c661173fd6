"""A.7.1: one task moves from provider to provider by one line of the bundle."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.assemble.bundle import bundle
from infra.assemble.target import LOCAL
from lab.model_matrix.move import move
from mos.model.model_card import ModelCard
from mos.policy.model_routes import read_cards
from tests.builders import starter

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[3]
ROUTE = ("openai_mini", "claude_haiku", "bedrock_haiku", "own_server")


def moved(task: str) -> dict[str, dict[str, Any]]:
    made = bundle("llm", LOCAL, ROOT, ROOT / ".build" / "functions")
    done = subprocess.run(  # noqa: S603  our own interpreter, no shell
        [sys.executable, "-m", "lab.model_matrix.move", task, *ROUTE],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'shared'}:{ROOT}:{made.libraries}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return {row["model"]: row for row in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("task", ["infer_role", "draft_email", "nominate"])
def test_a7_01_a_task_moves_from_provider_to_provider_by_one_line(task: str) -> None:
    found = moved(task)
    cards: dict[str, ModelCard] = read_cards(starter())

    assert list(found) == list(ROUTE)
    for name, row in found.items():
        assert row["reasons"] == ["answered"], row
        assert row["by"] == f"{cards[name].provider}/{cards[name].model}"
        assert row["called"] == {cards[name].provider: 1}
    assert len({json.dumps(row["answer"]) for row in found.values()}) == 1


def test_a7_01_what_moves_it_is_one_line() -> None:
    before, after = starter(), move(starter(), "infer_role", "claude_haiku")

    assert [name for name in after.files if after.files[name] != before.files[name]] == [
        "tasks/infer_role.toml"
    ]
    old, new = (b.text("tasks/infer_role.toml").splitlines() for b in (before, after))
    assert sum(a != b for a, b in zip(old, new, strict=True)) == 1
