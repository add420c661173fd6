"""The stage that the command line talks to."""

import os
from functools import cache

from lab.engine.status import LOCAL
from mos.deployment.deployment import Deployment
from mos.deployment.local import connect
from mos.errors import MalformedError


@cache
def deployment() -> Deployment:
    """Return the deployment that MOS_STAGE names (default: the local one).

    Raises:
        NotDeployedError: it is the local one, and it is not up.
    """
    from mos.aws.session import usual  # noqa: PLC0415  slow: only what reaches a stage pays

    stage = os.environ.get("MOS_STAGE", "local")
    return Deployment(stage, usual()) if stage != "local" else connect(LOCAL)


def must_be_local(command: str, why: str) -> None:
    """Refuse a command of the local system where MOS_STAGE names a stage in AWS.

    Raises:
        MalformedError: it does; the text says why the command is local.
    """
    stage = os.environ.get("MOS_STAGE", "local")
    if stage != "local":
        raise MalformedError(f"`mos {command}` is local, and MOS_STAGE is {stage}: {why}")
