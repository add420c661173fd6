"""A rehearsal of a million recorded decisions: time, memory, and the scalar verbs beside it."""

import contextlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from functions.decisioning.decide import decide
from functions.decisioning.replay import known, permitted
from functions.simulation.columns.archive import Part
from functions.simulation.columns.decide import decide_many
from functions.simulation.columns.engine import Codes, Column, Numbers
from functions.simulation.columns.line import Recorded
from functions.simulation.columns.pack import Packer
from functions.simulation.impact.gather import PART_SIZE
from lab.programme.run import Programme
from mos.model.decision import Decision
from mos.policy.bundle.bundle import Bundle, read_folder

POLICIES = Path(__file__).parents[2] / "policies"
_PART = PART_SIZE
_COMPANIES = 40_000
_SCALAR = 1_000
_AS_THEY_ARE = frozenset({"person.local_hour", "run.hour", "run.weekday", "run.date"})
"""The clock is not drawn anew."""
Told = Callable[[str], None]


def measure(decisions: int, told: Told, seed: int = 5) -> list[dict[str, Any]]:
    """Return seconds, peak memory and what was found, and the scalar verbs' time per decision.

    The situations are those of a seeded market that lived ninety days under the starter pack; each
    part draws them anew with other sizes, engagement and pauses, and decides them by the starter
    pack. A thousand of the market's own are compared with the scalar verbs, to the last figure.
    """
    base = read_folder(POLICIES)
    programme = Programme(base, seed=seed, houses=150)
    programme.run(lambda share, what: told(f"market {share:.0%}: {what}"))
    records = list(programme.decisions())
    packer = Packer()
    for record in records:
        packer.add(Recorded(json.loads(record.canonical()), 0.0))
    real = packer.part()
    scalar = _scalar(records, real, base)
    with tempfile.TemporaryDirectory() as folder:
        size = 0
        for number in range(0, decisions, _PART):
            told(f"{number:,} decisions drawn")
            count = min(_PART, decisions - number)
            body = drawn(real, count, number, base).saved()
            size += len(body)
            Path(folder, f"part-{number:09}.npz").write_bytes(body)
        for name, bundle in (("base", base), ("harm", harmful(base))):
            _written(Path(folder, name), bundle)
        told("rehearsing, in a process of its own")
        impact, took, peak = _run(Path(folder))
    routes = sum(c["count"] for c in impact["changes"] if c["kind"] == "route")
    rows = {
        "decisions": f"{impact['decisions']:,}",
        "made again as recorded": f"{impact['compared']:,}",
        "seconds, the whole command": round(took, 1),
        "microseconds each": round(took / decisions * 1e6, 1),
        "microseconds each, scalar verbs": round(scalar * 1e6),
        "ratio to the scalar verbs": round(took / decisions / scalar, 4),
        "peak memory of all processes, GB": round(peak, 2),
        "archive, bytes each": round(size / decisions),
        "routes changed": f"{routes:,}",
    }
    return [{"what": name, "value": value} for name, value in rows.items()]


def _written(folder: Path, bundle: Bundle) -> None:
    for name, body in bundle.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)


def _run(folder: Path) -> tuple[dict[str, Any], float, float]:
    """Run the command as people do; return what it says, its seconds and its peak gigabytes."""
    out = folder / "impact.json"
    words = ("rehearse", "--bundle", folder / "harm", "--baseline", folder / "base")
    line = [sys.executable, "-m", "cli.main", *map(str, words), "--file", str(folder), "--json"]
    began = time.perf_counter()
    with out.open("wb") as file:
        process = subprocess.Popen(line, stdout=file)  # noqa: S603  our own command
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            time.sleep(0.1)
    took = time.perf_counter() - began
    return json.loads(out.read_text(encoding="utf-8")), took, peak / 1024**2


def _memory(pid: int) -> float:
    """Return the kilobytes that a process and those it started hold, shared pages counted once."""
    found = 0.0
    for child in _children(pid):
        found += _memory(child)
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return found  # It has just ended.
    return found + sum(float(w.split()[1]) for w in rollup.splitlines() if w.startswith("Pss:"))


def _children(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # The thread has just ended.
            found += [int(word) for word in path.read_text(encoding="ascii").split()]
    return found


def harmful(base: Bundle) -> Bundle:
    """Return the starter pack with a rule that sends every enterprise to BDRs."""
    path = "tables/routing/route.toml"
    head, mark, tail = base.text(path).partition("[[row]]")
    row = (
        '[[row]]\nid = "enterprise_to_bdr"\nwhen = { "account.employees" = ">= 1000" }\n'
        'then = { to = "bdr", pool = "pool_bdr" }\nwhy = "A benchmark\'s mistake."\n\n'
    )
    return Bundle(base.files | {path: f"{head}{row}{mark}{tail}".encode()})


def drawn(part: Part, count: int, seed: int, base: Bundle) -> Part:
    """Return `count` decisions of a part's situations, moved a little, decided by `base`."""
    draw = np.random.default_rng(seed)
    pick = draw.integers(0, part.count, count)
    sizes = np.bincount(part.of, minlength=part.count)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    of = np.repeat(np.arange(count), sizes[pick])
    within = np.arange(len(of)) - np.repeat(np.cumsum(sizes[pick]) - sizes[pick], sizes[pick])
    rows = starts[pick][of] + within
    names = tuple(f"acc_{i}" for i in range(_COMPANIES))
    words = tuple(f"dec_{seed}_{i}" for i in range(count))
    moved = replace(
        part,
        ids=Column(codes=np.arange(count), values=words),
        accounts=Column(codes=draw.integers(0, _COMPANIES, count), values=names),
        groups=part.groups.take(pick),
        bundles=Column(codes=np.zeros(count, np.int64), values=(base.digest,)),
        segments=part.segments.take(pick),
        at=part.at[pick],
        draws=draw.random(count),
        group=_moved(part.group, pick, draw),
        of=of,
        persons=part.persons.take(rows),
        people=_moved(part.people, rows, draw),
        allowed={k: v[rows] for k, v in part.allowed.items()},
        used={k: v[_of(k, pick, rows)] for k, v in part.used.items()},
        opens={k: v[_of(k, pick, rows)] for k, v in part.opens.items()},
        since={k: v[rows] * draw.uniform(0.5, 2, len(rows)) for k, v in part.since.items()},
        prices={k: v[pick] for k, v in part.prices.items()},
        volumes={k: v[pick] for k, v in part.volumes.items()},
        rep_full=part.rep_full[pick],
        route_to=part.route_to.take(pick),
        route_pool=part.route_pool.take(pick),
        route_row=part.route_row.take(pick),
        owners=part.owners.take(pick),
        arms=part.arms[pick],
        chosen_person=part.chosen_person[pick],
        chosen_action=part.chosen_action.take(pick),
        chosen_treatment=part.chosen_treatment.take(pick),
        probability=part.probability[pick],
        held_out=part.held_out[pick],
        corrected=part.corrected[pick],
        reward=np.zeros(count),
    )
    return _decided(moved, base, draw)


def _decided(part: Part, base: Bundle, draw: np.random.Generator) -> Part:
    """Return the part with what `base` decides of it as what was recorded."""
    found = decide_many(part, base, base)
    actions, treatments = zip(*found.names, strict=True)
    return replace(
        part,
        route_to=found.known.to,
        route_pool=found.known.pool,
        route_row=found.known.row,
        chosen_person=found.person,
        chosen_action=Column.of(actions).take(found.choice),
        chosen_treatment=Column.of(treatments).take(found.choice),
        probability=found.drawn.probability,
        held_out=found.held_out,
        reward=(draw.random(part.count) < 0.05).astype(np.float64),
    )


def _moved(
    facts: Mapping[str, Column], places: Codes, draw: np.random.Generator
) -> dict[str, Column]:
    found = {}
    for name, column in facts.items():
        taken = column.take(places)
        if taken.numbers is not None and name not in _AS_THEY_ARE:
            by: Numbers = draw.uniform(0.5, 2, len(places))
            taken = Column(numbers=np.rint(taken.numbers * by * 1000) / 1000)
        found[name] = taken
    return found


def _of(counter: str, pick: Codes, rows: Codes) -> Codes:
    return rows if counter.startswith("person|") else pick


def _scalar(records: list[Decision], part: Part, base: Bundle) -> float:
    """Return the scalar verbs' seconds per decision; all at once must say the same.

    Raises:
        AssertionError: they do not.
    """
    found = decide_many(part, base, base)
    draw = random.Random(1)  # noqa: S311  a sample, no secret
    chosen = draw.sample(range(len(records)), min(_SCALAR, len(records)))
    began = time.perf_counter()
    made = [decide(permitted(records[i]), known(records[i]), base) for i in chosen]
    took = (time.perf_counter() - began) / len(chosen)
    for i, one in zip(chosen, made, strict=True):
        said = found.names[found.choice[i]]
        if said != (one.action, one.treatment):
            raise AssertionError(f"{records[i].decision_id}: {said}, alone {one.action}")
    return took
