"""Secrets from SSM Parameter Store (SecureString), kept for five minutes.

A parameter holds one secret, or several on lines of their own: the current one first, then older
ones that are still accepted while a sender rotates.
"""

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from mos.aws.clients import client, setting

_SECONDS = 300.0


class SsmSecrets:
    """The `Secrets` port: `read("webhook/hubspot")` reads `/mos/<stage>/webhook/hubspot`."""

    def __init__(self, stage: str, ssm: Callable[[], Any] = lambda: client("ssm")) -> None:
        self._stage, self._ssm = stage, ssm
        self._read: dict[str, tuple[float, tuple[str, ...]]] = {}

    def read(self, name: str) -> tuple[str, ...]:
        kept = self._read.get(name)
        if kept and time.monotonic() - kept[0] < _SECONDS:
            return kept[1]
        secrets = self._fetch(f"/mos/{self._stage}/{name}")
        self._read[name] = (time.monotonic(), secrets)
        return secrets

    def _fetch(self, parameter: str) -> tuple[str, ...]:
        try:
            reply = self._ssm().get_parameter(Name=parameter, WithDecryption=True)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ParameterNotFound":
                return ()
            raise
        lines = str(reply["Parameter"]["Value"]).splitlines()
        return tuple(line.strip() for line in lines if line.strip())


_SECRETS: list[SsmSecrets] = []


def secrets() -> SsmSecrets:
    """Return the deployment's secrets: one cache per container."""
    if not _SECRETS:
        _SECRETS.append(SsmSecrets(setting("STAGE")))
    return _SECRETS[0]
