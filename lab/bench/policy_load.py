"""How long a large bundle takes to load: 20,000 parameters and 5,000 rows, as CSV."""

import csv
import io
import random
import time
import tracemalloc
from typing import Any

from lab.bench.policy import COLUMNS, random_rule
from mos.policy.bundle.bundle import Bundle, read_zip

_HEAD = ("name", "value", "unit", "owner", "why", "review_by")


def measure(
    parameters: int = 20_000, rows: int = 5_000, seed: int = 7, rounds: int = 5
) -> list[dict[str, Any]]:
    """Return the median times from the zip's bytes to a table that answers, and the memory held."""
    files = large(parameters, rows, seed)
    made = Bundle(files)
    body, digest = made.zipped(), made.digest
    loads = [_load(body, digest) for _ in range(rounds)]
    walls, cpus = (sorted(spent) for spent in zip(*loads, strict=True))
    tracemalloc.start()
    held = read_zip(body, digest)
    used = (len(held.parameters), len(held.table("bench").table.rows))
    size, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return [
        {
            "parameters": used[0],
            "rows": used[1],
            "load_ms": round(walls[rounds // 2] * 1000, 1),
            "load_cpu_ms": round(cpus[rounds // 2] * 1000, 1),
            "held_mb": round(size / 1e6, 1),
            "peak_mb": round(peak / 1e6, 1),
        }
    ]


def large(parameters: int, rows: int, seed: int = 7) -> dict[str, bytes]:
    """Return a bundle of one long table and one long page of parameters."""
    draw = random.Random(seed)  # noqa: S311  a benchmark's inputs
    head = [f'"{name}" = "{kind}"' for name, kind in COLUMNS.items()]
    page = 'why = "bench."\n[columns]\n' + "\n".join(head) + '\n[outputs]\nout = "text"\n'
    table = [["id", *COLUMNS, "out"]]
    for number in range(rows):
        rule = random_rule(draw)
        table.append([str(number), *(_cell(name, rule.get(name)) for name in COLUMNS), str(number)])
    listed = [list(_HEAD)]
    for number in range(parameters):
        value = str(draw.randrange(1000))
        why = f"What number {number} is for."
        listed.append([f"parameter_{number}", value, "days", "revops", why, "2027-05-01"])
    return {
        "bundle.toml": b'name = "bench"\nwhy = "bench."\n',
        "tables/bench.toml": page.encode(),
        "tables/bench.csv": _csv(table),
        "parameters/many.csv": _csv(listed),
    }


def _load(body: bytes, digest: str) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    bundle = read_zip(body, digest)
    bundle.value("parameter_0")
    bundle.table("bench").evaluate({})
    return time.perf_counter() - began, time.process_time() - cpu


def _cell(name: str, value: Any) -> str:  # noqa: ANN401  any cell
    if value is None:
        return ""
    return f">= {value}" if name.startswith("number") else str(value).lower()


def _csv(lines: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()
