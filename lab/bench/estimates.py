"""Our estimators beside Open Bandit Pipeline's on the same logs, and how often intervals hold."""

import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from functions.simulation.evaluate.estimate import Logged, evaluate
from lab.bench.matching import BENCH, PEERS
from lab.world.logs import Market
from mos.errors import MissingError

_NAMES = ("IPS", "SNIPS", "DR")
_LOGS = 500
_ACCOUNTS = 1500
# None of these markets was looked at while a threshold or a formula was chosen.
_MARKETS = tuple(range(101, 105))
_GAMMAS = (10.0, 50.0)


def compare(logs: int = 20, seed: int = 7) -> list[dict[str, Any]]:
    """Return the largest difference from obp 0.5.5 per estimator, over `logs` logs of its form.

    Raises:
        MissingError: the environment of the peers is not there.
    """
    if not (BENCH / ".done").exists():
        raise MissingError("peers of the benchmarks (run `make bench-data`)")
    drawn = [_log(np.random.default_rng((seed, number))) for number in range(logs)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "logs.npz"
        arrays = {f"{k}{n}": v for n, log in enumerate(drawn) for k, v in log.items()}
        np.savez(path, count=np.array(logs), **arrays)
        python = str(BENCH / "bin" / "python")
        said = subprocess.run(  # noqa: S603  our own script in our own environment
            [python, str(PEERS / "with_obp.py"), str(path)], check=True, capture_output=True
        )
    theirs = json.loads(said.stdout)
    ours = [_ours(log) for log in drawn]
    return [
        {
            "estimator": name,
            "logs": logs,
            "largest difference": max(
                abs(a[name] - b[name]) for a, b in zip(ours, theirs, strict=True)
            ),
        }
        for name in _NAMES
    ]


def cover(told: Callable[[str], None] = lambda _: None) -> list[dict[str, Any]]:
    """Return how many of 500 logs' 95 % intervals hold what the candidate truly brings."""
    rows = []
    for gamma in _GAMMAS:
        for seed in _MARKETS:
            told(f"market {seed}, γ {gamma:g}: {_LOGS} logs")
            rows.append(_covered(Market(seed, gamma)))
    return rows


def _covered(market: Market) -> dict[str, Any]:
    truth, held, tells, worth = market.truth(), dict.fromkeys(_NAMES, 0), 0, []
    for seed in range(_LOGS):
        found = evaluate(market.log(seed, _ACCOUNTS))
        worth.append(found.evidence.effective)
        if not found.estimates[0].tells:
            continue
        tells += 1
        for estimate in found.estimates:
            held[estimate.estimator] += estimate.low <= truth <= estimate.high
    shares = {name: round(held[name] / tells, 3) if tells else None for name in _NAMES}
    return {
        "market": market.seed,
        "γ": market.gamma,
        "logs": _LOGS,
        "can tell": tells,
        "effective decisions": round(float(np.median(worth))),
        **shares,
    }


def _log(draw: np.random.Generator, rounds: int = 3000, choices: int = 12) -> dict[str, Any]:
    logging, target = (draw.dirichlet(np.ones(choices), rounds) for _ in range(2))
    choice = (draw.random(rounds)[:, None] < logging.cumsum(1)).argmax(1)
    return {
        "reward": (draw.random(rounds) < 0.1).astype(np.float64),
        "logged": logging[np.arange(rounds), choice],
        "target": target,
        "model": draw.random((rounds, choices)) / 5,
        "choice": choice,
    }


def _ours(log: dict[str, Any]) -> dict[str, float]:
    row, choice = np.arange(len(log["choice"])), log["choice"]
    found = evaluate(
        Logged(
            reward=log["reward"],
            logged=log["logged"],
            target=log["target"][row, choice],
            model_logged=log["model"][row, choice],
            model_target=(log["target"] * log["model"]).sum(1),
            accounts=row,
        )
    )
    return {estimate.estimator: estimate.value for estimate in found.estimates}
