"""One local AWS engine: started on free ports, and surely stopped."""

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path

ROOT = Path(__file__).parents[2]
REGION = "us-east-1"
_PYTHON = ROOT / ".venv-engine" / "bin" / "python"

# Engines outlive the objects that start them; their processes must still be collected.
_STARTED: dict[int, subprocess.Popen[bytes]] = {}


class EngineError(Exception):
    """The engine did not do what was asked: says what to look at."""


@dataclass(frozen=True)
class Running:
    """A running engine: how to reach it, and how to stop it."""

    pid: int
    port: int
    gateway_port: int
    account: str

    @property
    def endpoint(self) -> str:
        """Return the address of every AWS service."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Return the address that webhooks and agents call."""
        return f"http://127.0.0.1:{self.gateway_port}"

    def environment(self) -> dict[str, str]:
        """Return what a client of AWS needs: its key is this engine's account, and root."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.account,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "CDK_DEFAULT_ACCOUNT": self.account,
            "CDK_DEFAULT_REGION": REGION,
        }

    def alive(self) -> bool:
        """Say whether it answers."""
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as link:
                link.request("GET", "/_ministack/health")
                return link.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


class Engine:
    """An engine whose state lives in `folder`. `keep` makes the state outlive it."""

    def __init__(self, folder: Path, *, auth: bool = True, keep: bool = False) -> None:
        self.folder = folder
        self._auth, self._keep = auth, keep
        self._file = folder / "engine.json"
        self._clean = folder / "stopped-cleanly"

    @property
    def routes(self) -> Path:
        """Return the file that says which API serves which path."""
        return self.folder / "routes.json"

    @property
    def log(self) -> Path:
        """Return the engine's log."""
        return self.folder / "engine.log"

    def crashed(self) -> bool:
        """Say whether it was started here and ended without being stopped."""
        return self._file.exists() and not self._clean.exists() and self.running() is None

    def has_saved(self) -> bool:
        """Say whether an earlier stop has saved a state to go on from."""
        state = self.folder / "state"
        return state.is_dir() and any(path.is_file() for path in state.rglob("*"))

    def running(self) -> Running | None:
        """Return the engine that was started here and still answers."""
        last = self._last()
        return last if last and last.alive() else None

    def start(self, seconds: float = 240) -> Running:
        """Start the engine, or return the one that runs.

        Raises:
            EngineError: it did not answer in time; names its log.
        """
        if running := self.running():
            return running
        if not _PYTHON.exists():
            raise EngineError(f"{_PYTHON} does not exist: run `make setup`")
        self.folder.mkdir(parents=True, exist_ok=True)
        last = self._last() if self._keep else None
        # The ports and the account are in what was deployed: a restart must find the same ones.
        port, gateway = (last.port, last.gateway_port) if last else _free_ports()
        account = last.account if last else f"9{secrets.randbelow(10**11):011d}"
        with self.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603  our own launcher
                [str(_PYTHON), "-m", "lab.engine.launcher"],
                cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                env=self._environment(port, gateway, account), start_new_session=True,
            )  # fmt: skip
        _STARTED[process.pid] = process
        running = Running(process.pid, port, gateway, account)
        self._clean.unlink(missing_ok=True)
        self._file.write_text(json.dumps(asdict(running)), encoding="utf-8")
        deadline = time.monotonic() + seconds
        while not running.alive():
            if process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise EngineError(f"the engine did not start: see {self.log}")
            time.sleep(0.05)
        return running

    def stop(self, seconds: float = 20) -> None:
        """Stop the engine and everything it started; kill what does not obey in time."""
        last = self._last()
        if last is None or not _is_engine(last.pid):
            return
        _signal(last.pid, signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while _is_engine(last.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        # The session's other processes are the functions'.
        _signal(-last.pid, signal.SIGKILL)
        if process := _STARTED.pop(last.pid, None):
            process.wait(timeout=60)
        self._clean.touch()

    def _last(self) -> Running | None:
        try:
            return Running(**json.loads(self._file.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def _environment(self, port: int, gateway: int, account: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        state = {
            "PERSIST_STATE": "1", "STATE_DIR": str(self.folder / "state"),
            "S3_PERSIST": "1", "S3_DATA_DIR": str(self.folder / "s3"),
        } if self._keep else {}  # fmt: skip
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        return kept | state | {
            "AUTH": str(self._auth).lower(),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_HOST": "localhost",
            "MINISTACK_ACCOUNT_ID": account,
            "MINISTACK_REGION": REGION,
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": "local",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            "TMPDIR": str(temporary),
            "MOS_GATEWAY_PORT": str(gateway),
            "MOS_GATEWAY_ROUTES": str(self.routes),
        }  # fmt: skip


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def _is_engine(pid: int) -> bool:
    """Say whether the process is ours: a pid can be given to another one."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return _macos_is_engine(pid)
    return b"lab.engine.launcher" in command


def _macos_is_engine(pid: int) -> bool:
    command = ["ps", "-o", "command=", "-p", str(pid)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  fixed
    return "lab.engine.launcher" in found.stdout


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return
