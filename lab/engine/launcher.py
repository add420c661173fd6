"""Start ministack, repaired, on loopback. Runs in `.venv-engine`, started by `engine.py`."""

import os
from pathlib import Path

from lab.engine.gateway import Gateway
from lab.engine.repairs import (
    bound_workers,
    keep_error_class,
    name_batches_as_aws,
    name_schedules_as_aws,
    name_task_tokens_as_aws,
    read_cors_of_templates,
    trust_loopback,
)


def main() -> None:
    """Repair, open the gateway, and serve until told to stop."""
    # Functions inherit this process's environment, and must not inherit its paths.
    os.environ.pop("PYTHONPATH", None)
    from ministack import app  # noqa: PLC0415  it reads the environment when imported

    keep_error_class()
    bound_workers(int(os.environ.get("MOS_ENGINE_WORKERS", "4")))
    trust_loopback()
    name_batches_as_aws()
    name_schedules_as_aws()
    name_task_tokens_as_aws()
    read_cors_of_templates()
    gateway = Gateway(
        int(os.environ["MOS_GATEWAY_PORT"]),
        int(os.environ["GATEWAY_PORT"]),
        Path(os.environ["MOS_GATEWAY_ROUTES"]),
    )
    gateway.start()
    try:
        app.main()
    finally:
        gateway.shutdown()


if __name__ == "__main__":
    main()
