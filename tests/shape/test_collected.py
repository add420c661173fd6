"""Every process collects the same tests in the same order, or xdist refuses the whole run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
OTHERS = (("1", "2020-02-29T23:59:30Z"), ("2", "2031-07-01T04:05:06Z"))
"""A hash seed and a clock each."""


def collect(seed: str, clock: str) -> subprocess.Popen[str]:
    path = f"{ROOT}{os.pathsep}{ROOT / 'shared'}"
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "--collect-only", "-q",
         "-p", "tests.other_clock", "-p", "no:cacheprovider"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONHASHSEED": seed, "OTHER_CLOCK": clock, "PYTHONPATH": path},
    )  # fmt: skip


@pytest.mark.slow
def test_no_test_is_named_after_a_clock_a_hash_or_an_address() -> None:
    running = [collect(*other) for other in OTHERS]

    first, second = ([x for x in p.communicate()[0].splitlines() if "::" in x] for p in running)

    assert [p.returncode for p in running] == [0, 0]
    assert len(first) > 1000
    assert sorted(set(first) ^ set(second)) == []
    assert first == second
