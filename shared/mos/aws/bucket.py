"""An S3 bucket, with write-once puts."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mos.aws.clients import client, setting
from mos.aws.faults import reading
from mos.errors import MissingError, UnavailableError

_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
_ABSENT = {"NoSuchKey", "404", "NotFound"}
_PAST_THE_END = {"InvalidRange", "416"}


class S3Bucket:
    """The `Bucket` port on S3. Without a client of its own it uses the function's."""

    def __init__(self, name: str, s3: Any = None) -> None:  # noqa: ANN401  boto3 clients have no static type
        self.name = name
        self._given = s3

    @property
    def _s3(self) -> Any:  # noqa: ANN401  boto3 clients have no static type
        return self._given or client("s3")

    def get(self, key: str) -> bytes | None:
        try:
            reply = self._s3.get_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise
        with reading(self.name):
            body: bytes = reply["Body"].read()
        return body

    def part(self, key: str, first: int, size: int) -> bytes:
        span = f"bytes={first}-{first + size - 1}"
        try:
            reply = self._s3.get_object(Bucket=self.name, Key=key, Range=span)
            with reading(self.name):
                body: bytes = reply["Body"].read()
        except ClientError as error:
            if _code(error) in _PAST_THE_END:
                return b""
            if _code(error) in _ABSENT:
                raise MissingError(f"{self.name}/{key}") from error
            raise
        except BotoCoreError as error:
            raise UnavailableError(self.name, str(error)) from error
        return body

    def exists(self, key: str) -> bool:
        try:
            self._s3.head_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if _code(error) in _ABSENT:
                return False
            raise
        return True

    def put_new(self, key: str, body: bytes, metadata: Mapping[str, str] | None = None) -> bool:
        try:
            self._s3.put_object(
                Bucket=self.name, Key=key, Body=body, IfNoneMatch="*", Metadata=metadata or {}
            )
        except ClientError as error:
            if _code(error) in _TAKEN:
                return False
            raise
        return True

    def put(self, key: str, body: bytes) -> None:
        self._s3.put_object(Bucket=self.name, Key=key, Body=body)

    def keys(self, prefix: str = "") -> list[str]:
        pages: Any = self._s3.get_paginator("list_objects_v2")
        return [
            found["Key"]
            for page in pages.paginate(Bucket=self.name, Prefix=prefix)
            for found in page.get("Contents", ())
        ]


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@cache
def bucket(name: str) -> S3Bucket:
    """Return the bucket that the deployment calls `name`, such as `bundles`."""
    return S3Bucket(setting(f"BUCKET_{name.upper()}"))
