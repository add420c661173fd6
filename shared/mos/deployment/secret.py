"""The secrets of a stage's doors, as an operator stores them: SecureStrings under its own key.

A parameter holds one secret a line: the current one first, then those that a sender who rotates
may still use.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mos.aws.session import AwsRefusedError, answered
from mos.deployment.deployment import Deployment
from mos.errors import MalformedError, MissingError

_NOT_THERE = "ParameterNotFound"


@dataclass(frozen=True)
class StoredSecret:
    """That a secret is stored, and since when: never what it says."""

    name: str
    changed: datetime | None


def list_secrets(where: Deployment) -> list[StoredSecret]:
    """Return which secrets a stage has, by name: `webhook/hubspot`."""
    root = f"/mos/{where.stage}/"
    asked = [{"Key": "Name", "Option": "BeginsWith", "Values": [root]}]
    with answered():
        pages = where.client("ssm").get_paginator("describe_parameters")
        return sorted(
            (
                StoredSecret(p["Name"].removeprefix(root), p.get("LastModifiedDate"))
                for page in pages.paginate(ParameterFilters=asked)
                for p in page["Parameters"]
            ),
            key=lambda one: one.name,
        )


def add_secret(where: Deployment, name: str, value: str) -> None:
    """Store the first secret of a door.

    Raises:
        MalformedError: there is one already, or this is none.
    """
    if _read(where, name):
        raise MalformedError(f"{name} has a secret already: `mos secret rotate` gives it another")
    _write(where, name, [_checked(value)])


def rotate_secret(where: Deployment, name: str, value: str) -> None:
    """Put a new secret before the one in use: both open the door.

    Raises:
        MissingError: there is none yet.
        MalformedError: this is none, or the very one.
    """
    held = _must_read(where, name)
    if _checked(value) in held:
        raise MalformedError(f"{name}: that is a secret which it has")
    _write(where, name, [value.strip(), held[0]])


def end_rotation(where: Deployment, name: str) -> int:
    """Take the older secrets away, and return how many there were.

    Raises:
        MissingError: there is none at all.
    """
    held = _must_read(where, name)
    if held[1:]:
        _write(where, name, held[:1])
    return len(held) - 1


def _checked(value: str) -> str:
    if not (text := value.strip()) or len(text.splitlines()) > 1:
        raise MalformedError("a secret is one line, and not empty")
    return text


def _must_read(where: Deployment, name: str) -> list[str]:
    held = _read(where, name)
    if not held:
        raise MissingError(f"secret {name} yet: `mos secret add` stores the first")
    return held


def _read(where: Deployment, name: str) -> list[str]:
    try:
        with answered():
            reply: dict[str, Any] = where.client("ssm").get_parameter(
                Name=f"/mos/{where.stage}/{name}", WithDecryption=True
            )
    except AwsRefusedError as error:
        if error.code == _NOT_THERE:
            return []
        raise
    return [line.strip() for line in str(reply["Parameter"]["Value"]).splitlines() if line.strip()]


def _write(where: Deployment, name: str, lines: Sequence[str]) -> None:
    with answered():
        where.client("ssm").put_parameter(
            Name=f"/mos/{where.stage}/{name}",
            Value="\n".join(lines),
            Type="SecureString",
            KeyId=f"alias/{where.name('secrets')}",
            Overwrite=True,
        )
