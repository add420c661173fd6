"""Compile a function's folder ahead: in Lambda its disk is read-only, and each start would."""

import shutil
import subprocess
from pathlib import Path

from uv import find_uv_bin

from infra.assemble.errors import AssembleError

_PLACE = "/var/task"


def find_interpreter(version: str) -> Path | None:
    """Return this machine's own Python of a version, or None: none is downloaded."""
    command = [find_uv_bin(), "python", "find", "--no-python-downloads", "--no-project", version]
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603  uv's own path
    return Path(found.stdout.strip()) if found.returncode == 0 else None


def compile_folder(folder: Path, interpreter: Path) -> None:
    """Write bytecode beside every module: the same bytes from the same sources, wherever made.

    It is never checked against its source (PEP 552), which a zip's dates would fail.

    Raises:
        AssembleError: a module of ours does not compile.
    """
    for stale in folder.rglob("__pycache__"):
        shutil.rmtree(stale)
    command = [
        str(interpreter), "-X", "utf8", "-m", "compileall", "-q", "-o", "0",
        "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", _PLACE, str(folder),
    ]  # fmt: skip
    environment = {"PYTHONHASHSEED": "0", "PATH": ""}
    done = subprocess.run(  # noqa: S603  an interpreter of this machine, no shell
        command, capture_output=True, text=True, check=False, timeout=600, env=environment
    )
    if done.returncode and "functions/" in done.stdout:
        raise AssembleError(f"{folder.name} does not compile: {done.stdout.strip()[:500]}")
