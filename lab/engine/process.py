"""Run a command, pass its lines on, and fail with its last ones."""

import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lab.engine.engine import EngineError

Say = Callable[[str], None]


def run(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, say: Say, seconds: float
) -> None:
    """Run to the end, telling `say` each line.

    Raises:
        EngineError: it failed, with its last lines, or took longer than `seconds`.
    """
    last: deque[str] = deque(maxlen=25)
    with subprocess.Popen(  # noqa: S603  our own commands
        list(command), cwd=folder, env=dict(environment), text=True, errors="replace",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            for line in process.stdout or ():
                if line.strip() and not _is_noise(line):
                    last.append(line.rstrip())
                    say(line.rstrip())
        finally:
            timer.cancel()
            if process.poll() is None and process.stdout and not process.stdout.closed:
                process.terminate()
    if process.returncode:
        raise EngineError(f"{' '.join(command[:3])} failed:\n" + "\n".join(last))


def _is_noise(line: str) -> bool:
    return line.startswith(("b'!!", "npm warn"))
