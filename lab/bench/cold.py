"""What it costs to start each function, as a ratio to importing boto3 and making a client."""

import os
import statistics
import subprocess
from pathlib import Path
from typing import Any

from infra.assemble.bundle import Bundle, bundle
from infra.assemble.target import TARGETS
from mos.path import HOPS, MODULES

ROOT = Path(__file__).parents[2]
BUILT = ROOT / ".build" / "functions"
ENGINE = ROOT / ".venv-engine" / "bin" / "python"
_BASELINE = "import boto3; boto3.client('dynamodb')"
_CODE = """
import time; began = time.process_time()
{what}
print(time.process_time() - began)
"""


def measure(runs: int = 5) -> list[dict[str, Any]]:
    """Return a row per function: CPU seconds to import its handler and make a DynamoDB client.

    Each is the median of interleaved runs in fresh processes of the engine's interpreter, which
    has boto3 and nothing else, like Lambda's.
    """
    made = {hop.layer: bundle(hop.layer, TARGETS["shipped"], ROOT, BUILT) for hop in HOPS}
    base: list[float] = []
    taken: dict[str, list[float]] = {layer: [] for layer in made}
    for _ in range(runs):
        base.append(_run(_BASELINE, None))
        for layer, found in made.items():
            what = f"import {MODULES[layer]}; {_BASELINE}"
            taken[layer].append(_run(what, found))
    floor = statistics.median(base)
    return [
        {
            "function": layer,
            "init_cpu_s": round(statistics.median(times), 3),
            "ratio": round(statistics.median(times) / floor, 2),
        }
        for layer, times in taken.items()
    ]


def _run(what: str, made: Bundle | None) -> float:
    paths = [str(path) for path in (made.folder, made.libraries) if path] if made else []
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(paths),
        # A function's disk is read-only.
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
    }
    done = subprocess.run(  # noqa: S603  our own interpreter, no shell
        [str(ENGINE), "-c", _CODE.format(what=what)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=environment,
        cwd="/",
    )
    return float(done.stdout.split()[-1])
