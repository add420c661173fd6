"""The fake providers as a process of their own, on a free loopback port."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from lab.engine.engine import ROOT

_SECONDS = 120.0
_STARTED: dict[int, subprocess.Popen[bytes]] = {}
"""What this process started: it must be waited for once it was ended."""


class FakesError(Exception):
    """The fake providers did not start; the text says where to look."""


def start(folder: Path) -> str:
    """Start the fakes unless they run, and return their base URL."""
    running = base_url(folder)
    if running:
        return running
    port = _free_port()
    log = folder / "fakes.log"
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603  our own module, no shell
            [
                sys.executable,
                "-m",
                "lab.fakes",
                "--port",
                str(port),
                "--record",
                str(folder / "fakes"),
            ],
            cwd=ROOT,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'shared'}"},
        )
    _STARTED[process.pid] = process
    url = f"http://127.0.0.1:{port}"
    kept = {"pid": process.pid, "url": url}
    (folder / "fakes.json").write_text(json.dumps(kept), encoding="utf-8")
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        if _answers(url):
            return url
        if process.poll() is not None:
            break
        time.sleep(0.1)
    stop(folder)
    raise FakesError(f"the fake providers did not start: read {log}")


def base_url(folder: Path) -> str | None:
    """Return the base URL of the running fakes, or nothing."""
    kept = _kept(folder)
    return str(kept["url"]) if kept and _answers(str(kept["url"])) else None


def stop(folder: Path) -> None:
    """Stop the fakes by their process id."""
    kept = _kept(folder)
    if kept:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(int(str(kept["pid"])), signal.SIGTERM)
        if process := _STARTED.pop(int(str(kept["pid"])), None):
            process.wait(timeout=_SECONDS)
    (folder / "fakes.json").unlink(missing_ok=True)


def _kept(folder: Path) -> dict[str, object] | None:
    try:
        found: dict[str, object] = json.loads((folder / "fakes.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_health", timeout=10) as reply:  # noqa: S310  our own loopback address
            return bool(reply.status == 200)  # noqa: PLR2004  OK
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
