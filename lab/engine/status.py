"""What is up: `.local/status.json`, which the command line and the workbench read."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from lab.engine.engine import REGION, ROOT, Running

LOCAL = ROOT / ".local"


@dataclass(frozen=True)
class Status:
    """How to reach the local system. `outputs` is what the stacks tell."""

    stage: str
    pid: int
    endpoint_url: str
    access_key_id: str
    secret_access_key: str
    region: str
    webhook_url: str
    mcp_url: str
    outputs: dict[str, str]


def write(folder: Path, running: Running, outputs: dict[str, str]) -> Status:
    """Write the status file and return what it says."""
    status = Status(
        stage=outputs["Stage"],
        pid=running.pid,
        endpoint_url=running.endpoint,
        access_key_id=running.account,
        secret_access_key="local",  # noqa: S106  the engine takes any
        region=REGION,
        webhook_url=running.url,
        mcp_url=f"{running.url}/mcp",
        outputs=outputs,
    )
    (folder / "status.json").write_text(json.dumps(asdict(status), indent=1), encoding="utf-8")
    return status


def read(folder: Path = LOCAL) -> Status | None:
    """Return the last status, or nothing where there is none."""
    try:
        told = json.loads((folder / "status.json").read_text(encoding="utf-8"))
        # `mos up` adds to the file what it knows besides.
        return Status(**{field.name: told[field.name] for field in fields(Status)})
    except (OSError, ValueError, KeyError):
        return None


def forget(folder: Path) -> None:
    """Remove the status file."""
    (folder / "status.json").unlink(missing_ok=True)
