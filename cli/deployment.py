"""The stage that the command line talks to."""

import os
from functools import cache

from lab.engine.status import LOCAL
from mos.deployment.deployment import Deployment
from mos.deployment.local import connect


@cache
def deployment() -> Deployment:
    """Return the deployment that MOS_STAGE names (default: the local one).

    Raises:
        NotDeployedError: it is the local one, and it is not up.
    """
    from mos.aws.session import usual  # noqa: PLC0415  slow: only what reaches a stage pays

    stage = os.environ.get("MOS_STAGE", "local")
    return Deployment(stage, usual()) if stage != "local" else connect(LOCAL)
