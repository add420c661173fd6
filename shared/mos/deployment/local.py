"""The stage of the local engine: found through the status file that `mos up` writes."""

import json
import socket
from pathlib import Path
from typing import Any

from mos.deployment.deployment import Deployment, NotDeployedError

STATUS = "status.json"


def connect(folder: Path) -> Deployment:
    """Return the local deployment whose status file lies in `folder`.

    Raises:
        NotDeployedError: it is not up.
    """
    from mos.aws.session import session_of  # noqa: PLC0415  slow: only what reaches a stage pays

    status = read_status(folder)
    session = session_of(status["access_key_id"], status["secret_access_key"], status["region"])
    return Deployment("local", session, status["endpoint_url"], str(status["webhook_url"]))


def read_status(folder: Path) -> dict[str, Any]:
    """Return what `mos up` wrote of the local system.

    Raises:
        NotDeployedError: it is not up.
    """
    try:
        found: dict[str, Any] = json.loads((folder / STATUS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotDeployedError("The local system is not up. Start it with `mos up`.") from None
    port = int(str(found["endpoint_url"]).rpartition(":")[2])
    with socket.socket() as probe:
        probe.settimeout(5)
        if probe.connect_ex(("127.0.0.1", port)):
            raise NotDeployedError(
                "The local engine does not answer: it was killed. Start it again with `mos up`."
            )
    return found
