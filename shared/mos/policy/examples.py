"""Run the examples that a table carries. Pure."""

from dataclasses import dataclass
from typing import Any

from mos.policy.bundle import Bundle
from mos.policy.engine import Answer, CompiledTable


@dataclass(frozen=True)
class Failure:
    """An example that the table answers otherwise."""

    table: str
    given: dict[str, Any]
    expect: dict[str, Any]
    found: dict[str, Any]


def run_examples(bundle: Bundle, name: str) -> list[Failure]:
    """Return the examples of a table that fail. `row` in `expect` names the deciding row."""
    compiled = bundle.table(name)
    failures = []
    for example in compiled.table.examples:
        answer = compiled.evaluate(example.given)
        found = _seen(answer, compiled, example.expect)
        if found != example.expect:
            failures.append(Failure(name, example.given, example.expect, found))
    return failures


def _seen(answer: Answer, compiled: CompiledTable, expect: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key in expect:
        if key == "row":
            seen[key] = answer.row_id
        elif key == "rows":
            seen[key] = [row.id for row in answer.rows]
        elif key == "hinges_on":
            seen[key] = list(answer.hinges_on)
        else:
            seen[key] = {**compiled.table.default, **answer.output}.get(key)
    return seen
