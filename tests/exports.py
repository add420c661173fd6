"""A table's export to S3, as DynamoDB writes it."""

import base64
import gzip
import json
from collections.abc import Iterable
from typing import Any

from mos.aws.item import to_item
from mos.ports import Record


def line_of(record: Record) -> bytes:
    item = {name: _text(value) for name, value in to_item(record).items()}
    return json.dumps({"Item": item}).encode() + b"\n"


def file_of(records: Iterable[Record]) -> bytes:
    return gzip.compress(b"".join(map(line_of, records)), mtime=0)


def _text(value: dict[str, Any]) -> dict[str, Any]:
    return {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value
