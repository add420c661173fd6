"""boto3 clients, one per service and container, made when first asked for."""

import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from mos.aws.faults import listen

_UNSURE = "sesv2"
"""A mail whose answer was lost may have gone: its own adapter says how a call ended."""
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
    # SES does not dedup: a mail whose answer was lost must not be sent again by the client.
    once = Config(retries={"total_max_attempts": 1})
    config = _CONFIG.merge(once) if service == _UNSURE else _CONFIG
    made = boto3.client(service, config=config)
    if service != _UNSURE:
        listen(made)
    return made


def setting(name: str) -> str:
    """Return the environment setting `MOS_<name>`.

    Raises:
        KeyError: the function was deployed without it.
    """
    return os.environ[f"MOS_{name}"]
