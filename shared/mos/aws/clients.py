"""boto3 clients, one per service and container, made when first asked for."""

import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from mos.aws.faults import listen

_CONFIG = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "standard", "max_attempts": 4},
    inject_host_prefix=False,
)


@cache
def client(service: str) -> Any:  # noqa: ANN401  boto3 clients have no static type
    """Return the client of `service`.

    The endpoint and the region come from the standard AWS variables, so that the same code
    reaches AWS or the local engine.
    """
    made = boto3.client(service, config=_CONFIG)
    listen(made)
    return made


@cache
def client_within(service: str, seconds: int) -> Any:  # noqa: ANN401  as above
    """Return a client of `service` that asks once, and waits no longer than so many seconds."""
    once = Config(read_timeout=seconds, retries={"total_max_attempts": 1})
    made = boto3.client(service, config=_CONFIG.merge(once))
    listen(made)
    return made


def setting(name: str) -> str:
    """Return the environment setting `MOS_<name>`.

    Raises:
        KeyError: the function was deployed without it.
    """
    return os.environ[f"MOS_{name}"]
