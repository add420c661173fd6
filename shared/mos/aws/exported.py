"""A table's export to S3, as DynamoDB writes it: gzipped lines, `{"Item": …}` in DynamoDB JSON.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
"""

import base64
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from typing import Any

from mos.aws.item import to_record
from mos.errors import MalformedError
from mos.ports import Bucket, Record

_PART = 8 << 20
"""Bytes asked for at once. A connection held open while decisions are worked on would be cut."""


class ExportedTable:
    """The `Exports` port on a bucket: one file at a time, a few megabytes in memory."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def records(self, key: str, sk: str, after: int = 0) -> Iterator[tuple[int, Record | None]]:
        parts = io.BufferedReader(_Parts(self._bucket, key), _PART)
        try:
            with gzip.GzipFile(fileobj=parts) as lines:
                for number, line in enumerate(lines, 1):
                    if number > after:
                        yield number, _record(line, sk, key, number)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise MalformedError(f"{key} is no gzipped file of an export: {error}") from None


class _Parts(io.RawIOBase):
    """An object read from its start to its end, part by part."""

    def __init__(self, bucket: Bucket, key: str) -> None:
        self._bucket, self._key, self._at = bucket, key, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  a writable buffer: no type before 3.12
        view = memoryview(buffer)
        body = self._bucket.part(self._key, self._at, len(view))
        view[: len(body)] = body
        self._at += len(body)
        return len(body)


def _record(line: bytes, sk: str, key: str, number: int) -> Record | None:
    """Return the record of a line, None where its sort key is another."""
    try:
        item = json.loads(line)["Item"]
        return to_record(_stored(item)) if item["sk"]["S"] == sk else None
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error) as error:
        what = f"{type(error).__name__}: {error}"
        raise MalformedError(f"{key}, line {number} is no item of a table: {what[:200]}") from None


def _stored(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item as the API gives it: an export writes bytes as base64."""
    return {
        name: {"B": base64.b64decode(value["B"], validate=True)} if "B" in value else value
        for name, value in item.items()
    }
