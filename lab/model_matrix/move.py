"""`python -m lab.model_matrix.move TASK MODEL…`: one task, moved from model to model by one line.

Each time the one line `models` of the task's page names another card of the starter bundle; the
question goes through the llm layer's own code to that provider's fake, over HTTP.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from functions.llm.answer import Asking, answer
from lab.model_matrix.run import BRIEF, Bench, open_bench
from mos import plugins, tasks
from mos.memory.table import FakeTable
from mos.model.task import Task
from mos.policy.bundle.bundle import Bundle, read_folder
from mos.policy.model_routes import task_file

_POLICIES = Path(__file__).parents[2] / "policies"
_CANDIDATE = {
    "candidate": "c1", "person": "p1", "action": "email_roi", "treatment": "plain",
    "channel": "email", "why": "They asked what it is worth.",
}  # fmt: skip
_SITUATION = {"group": {}, "people": {"p1": {}}, "candidates": [_CANDIDATE]}
_QUESTIONS: dict[str, dict[str, Any]] = {
    "body": BRIEF,
    "role": {"title": "Growth Wizard"},
    "nominations": _SITUATION,
}
"""A question for each task that can be moved here, by a field of its answer."""


def move(bundle: Bundle, task: str, model: str) -> Bundle:
    """Return the bundle with one line changed: which model answers a task."""
    page = bundle.text(task_file(task))
    moved, lines = re.subn(r"(?m)^models = .*$", f'models = ["{model}"]', page)
    if lines != 1:
        raise ValueError(f"{task_file(task)} has {lines} lines of models")
    return Bundle(bundle.files | {task_file(task): moved.encode()})


def ask_moved(bench: Bench, bundle: Bundle, task: Task) -> dict[str, Any]:
    """Return who answered, through whose wire, and what."""
    bench.desk.calls.clear()
    began = time.monotonic()
    question = next(q for name, q in _QUESTIONS.items() if name in task.answer.model_fields)
    asking = Asking(
        task=task, question=question, now=datetime.now(UTC), expires_at=0,
        elapsed=lambda: time.monotonic() - began,
    )  # fmt: skip
    done = answer(asking, bundle, FakeTable(), bench.models)
    return {
        "by": done.by,
        "answer": done.answer,
        "reasons": [str(one.reason) for one in done.attempts],
        "called": dict(bench.desk.calls),
    }


def main() -> None:
    """Move a task, and print a line of JSON for each model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task")
    parser.add_argument("models", nargs="+")
    given = parser.parse_args()
    task, bundle = plugins.load(tasks, given.task, "TASK", Task), read_folder(_POLICIES)
    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder)) as bench:
        for model in given.models:
            found = ask_moved(bench, move(bundle, task.name, model), task)
            sys.stdout.write(json.dumps({"model": model, **found}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
