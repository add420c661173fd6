"""Amazon Bedrock's Converse, by the function's own role: no key, and no third party's code."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    ParamValidationError,
    ReadTimeoutError,
)

_CONNECT = 3


@dataclass(frozen=True)
class ConverseFault:
    """Why Bedrock gave no answer: the kind of error as its header names it, and the status."""

    code: str
    status: int = 0
    retry_after: str = ""
    message: str = ""


_TIMED_OUT = "ReadTimeout"
_UNREACHED = "Unreachable"
_MISSTATED = "ValidationException"


@cache
def _client(region: str, endpoint: str, seconds: int) -> Any:  # noqa: ANN401  boto3 has no static types
    once = Config(connect_timeout=_CONNECT, read_timeout=seconds, retries={"total_max_attempts": 1})
    return boto3.client(
        "bedrock-runtime",
        region_name=region or None,
        endpoint_url=endpoint or None,
        config=once,
    )


def converse(
    request: Mapping[str, Any], *, region: str, endpoint: str, seconds: int
) -> Mapping[str, Any] | ConverseFault:
    """Return what Converse answers to one request, asked once, or why it gives no answer."""
    try:
        reply: Mapping[str, Any] = _client(region, endpoint, seconds).converse(**request)
    except ClientError as error:
        return _read_error(error)
    except (ReadTimeoutError, ConnectTimeoutError):
        return ConverseFault(_TIMED_OUT)
    except ParamValidationError as error:
        return ConverseFault(_MISSTATED, message=type(error).__name__)
    except Exception as error:  # noqa: BLE001  botocore's parser raises whatever it meets
        return ConverseFault(_UNREACHED, message=type(error).__name__)
    return reply


def _read_error(error: ClientError) -> ConverseFault:
    said, meta = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
    headers = {k.lower(): str(v) for k, v in meta.get("HTTPHeaders", {}).items()}
    code = str(said.get("Code", ""))
    if headers.get("x-amzn-errortype"):
        code = headers["x-amzn-errortype"].partition(":")[0]
    message = str(said.get("Message") or error.response.get("message", ""))
    return ConverseFault(
        code, int(meta.get("HTTPStatusCode", 0)), headers.get("retry-after", ""), message
    )
