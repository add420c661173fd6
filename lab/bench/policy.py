"""Our table engine beside zen-engine: the same table, the same inputs, the same answers."""

import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from mos.policy.table.engine import CompiledTable
from mos.policy.table.page import parse_table

_VALUES = 40
_INPUTS = 2_000
_TURN = 250
_ROUNDS = 3
Facts = dict[str, Any]

COLUMNS = (
    {f"text{c}": "text" for c in range(4)}
    | {f"number{c}": "number" for c in range(3)}
    | {"flag": "boolean"}
)


def compare(sizes: tuple[int, ...] = (100, 1_000, 10_000), seed: int = 7) -> list[dict[str, Any]]:
    """Return a row per table size: medians in microseconds, and their ratio.

    zen-engine's content is cached through its loader, which is its fast way. Answers are compared
    row by row before anything is timed.
    """
    return [_one(size, seed) for size in sizes]


def _one(size: int, seed: int) -> dict[str, Any]:
    draw = random.Random(seed)  # noqa: S311  a benchmark's inputs
    rules = [random_rule(draw) for _ in range(size)]
    began = time.perf_counter()
    ours = CompiledTable(parse_table("bench", "bench", _page(rules)))
    load = time.perf_counter() - began
    zen, zen_load = _zen(rules)
    inputs = [_facts(draw) for _ in range(_INPUTS)]
    for given in inputs:
        found, theirs = ours.evaluate(given).index, zen(given, False)
        if found != theirs:
            raise AssertionError(f"zen-engine says {theirs}, we say {found} for {given}")
    plain, zen_plain = _medians(ours.evaluate, lambda facts: zen(facts, False), inputs=inputs)
    traced, zen_traced = _medians(ours.explain, lambda facts: zen(facts, True), inputs=inputs[:500])
    return {
        "rows": size,
        "ours_us": round(plain, 1),
        "zen_us": round(zen_plain, 1),
        "ratio": round(plain / zen_plain, 3),
        "ours_trace_us": round(traced, 1),
        "zen_trace_us": round(zen_traced, 1),
        "trace_ratio": round(traced / zen_traced, 3),
        "ours_load_ms": round(load * 1000, 1),
        "zen_load_ms": round(zen_load * 1000, 1),
    }


def random_rule(draw: random.Random) -> dict[str, Any]:
    """Return one row: what it asks of each column that it reads."""
    rule: dict[str, Any] = {}
    for column in range(4):
        if draw.random() < 0.7:
            rule[f"text{column}"] = f"v{draw.randrange(_VALUES)}"
    for column in range(3):
        if draw.random() < 0.5:
            rule[f"number{column}"] = draw.randrange(100)
    if draw.random() < 0.3:
        rule["flag"] = draw.random() < 0.5
    return rule


def _facts(draw: random.Random) -> Facts:
    facts: Facts = {f"text{c}": f"v{draw.randrange(_VALUES)}" for c in range(4)}
    facts |= {f"number{c}": draw.randrange(100) for c in range(3)}
    return facts | {"flag": draw.random() < 0.5}


def _page(rules: list[dict[str, Any]]) -> dict[str, Any]:
    rows = [
        {
            "when": {k: f">= {v}" if k.startswith("number") else v for k, v in rule.items()},
            "then": {"out": str(i)},
        }
        for i, rule in enumerate(rules)
    ]
    return {
        "why": "bench",
        "columns": COLUMNS,
        "outputs": {"out": "text"},
        "row": rows,
    }


def _zen(rules: list[dict[str, Any]]) -> tuple[Callable[[Facts, bool], int | None], float]:
    import zen  # noqa: PLC0415  a development dependency

    names = list(COLUMNS)
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": n, "name": n, "field": n} for n in names],
        "outputs": [{"id": "out", "name": "out", "field": "out"}],
        "rules": [
            {"_id": str(i), **{n: _cell(rule.get(n)) for n in names}, "out": str(i)}
            for i, rule in enumerate(rules)
        ],
    }
    graph = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "t", "name": "t", "type": "decisionTableNode", "content": table},
            {"id": "o", "name": "o", "type": "outputNode"},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "t", "type": "edge"},
            {"id": "2", "sourceId": "t", "targetId": "o", "type": "edge"},
        ],
    }
    began = time.perf_counter()
    content = zen.ZenDecisionContent(json.dumps(graph))
    engine = zen.ZenEngine({"loader": lambda _key: content})
    engine.evaluate("bench", {})
    took = time.perf_counter() - began

    def evaluate(facts: Facts, trace: bool) -> int | None:  # noqa: FBT001  zen's own option
        result = engine.evaluate("bench", facts, {"trace": True} if trace else {})["result"]
        return int(result["out"]) if result and "out" in result else None

    return evaluate, took


def _cell(value: Any) -> str:  # noqa: ANN401  any cell
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f">= {value}" if isinstance(value, int) else json.dumps(value)


def _medians(*programs: Callable[[Facts], object], inputs: list[Facts]) -> list[float]:
    """Return each program's median in microseconds; they take turns, 250 inputs at a time."""
    times: list[list[int]] = [[] for _ in programs]
    turns = [inputs[first : first + _TURN] for first in range(0, len(inputs), _TURN)]
    for turn in turns * _ROUNDS:
        for run, spent in zip(programs, times, strict=True):
            for facts in turn:
                began = time.perf_counter_ns()
                run(facts)
                spent.append(time.perf_counter_ns() - began)
    return [statistics.median(spent) / 1000 for spent in times]
