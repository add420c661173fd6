"""`make conformance`: the official suite and others' clients against our server."""

import logging
import os
import shutil
import subprocess
import sys
import tomllib
from functools import partial
from pathlib import Path

from lab.mcp.fixture import answer_fixture
from lab.mcp.product import JANE, TOKEN, answer_with, open_door
from lab.mcp.shim import Ask, Shim
from lab.mcp.verdict import judge
from mos.policy.bundle.bundle import read_folder

_ROOT = Path(__file__).parents[2]
_VERSIONS = ("2025-11-25", "2026-07-28")
_SECONDS = 300


def main() -> int:
    """Run every suite; say where it was not as expected."""
    node, suite = sys.argv[1:3]
    logging.disable(logging.CRITICAL)  # what fails on purpose is no news
    expected = tomllib.loads((Path(__file__).parent / "expected.toml").read_text(encoding="utf-8"))
    door = open_door(read_folder(_ROOT / "policies"), "http://127.0.0.1/mcp")
    asked: dict[str, Ask] = {"product": partial(answer_with, door), "fixture": answer_fixture}
    is_right = True
    for name, ask in asked.items():
        shim = Shim(ask, token=TOKEN)
        shim.start()
        for version in _VERSIONS:
            verdict = judge(_run(node, suite, shim.url, version), expected, name, version)
            _say(f"{name:8} {version}  {verdict.passed} passed, {verdict.failed} failed")
            for surprise in verdict.surprises:
                is_right = False
                _say(f"  not as expected: {surprise}")
        if name == "product":
            is_right &= _try_clients(node, suite, shim.url)
        shim.shutdown()
        shim.server_close()
    return 0 if is_right else 1


def _run(node: str, suite: str, url: str, version: str) -> str:
    command = [node, suite, "server", "--url", url, "--spec-version", version, "--suite", "all"]
    done = subprocess.run(  # noqa: S603  the node and the suite that make has installed
        command, capture_output=True, text=True, check=False, timeout=_SECONDS,
        cwd=Path(suite).parent, env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]},
    )  # fmt: skip
    return done.stdout


def _try_clients(node: str, suite: str, url: str) -> bool:
    """Have clients that nobody here wrote use the product; say how each fared."""
    folder = Path(suite.partition("/node_modules/")[0])
    script = shutil.copy(Path(__file__).parent / "clients.mjs", folder)
    done = subprocess.run(  # noqa: S603  our own script, by the node that make has installed
        [node, script, url, TOKEN, JANE], cwd=folder, check=False, timeout=_SECONDS,
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]},
    )  # fmt: skip
    return done.returncode == 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  a command's own output


if __name__ == "__main__":
    sys.exit(main())
