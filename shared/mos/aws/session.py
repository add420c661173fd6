"""A session with AWS, as somebody outside a function has it: clients, and another role's rights."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from mos.errors import MosError, UnavailableError


class AwsRefusedError(MosError):
    """AWS answered, and said no; `code` is its word for why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@contextmanager
def answered() -> Iterator[None]:
    """Say in our own words how a call to AWS ended.

    Raises:
        AwsRefusedError: it was refused.
        UnavailableError: it was not reached; `dependency` names the fault.
    """
    try:
        yield
    except ClientError as error:
        raise AwsRefusedError(error.response["Error"]["Code"], str(error)) from error
    except BotoCoreError as error:
        raise UnavailableError(type(error).__name__, str(error)) from error


def usual() -> Any:  # noqa: ANN401  boto3 has no static types
    """Return the session that the usual AWS settings give (AWS_PROFILE, AWS_REGION).

    boto3 itself reads AWS_DEFAULT_REGION alone; the CDK and every other SDK read AWS_REGION first.
    """
    return boto3.Session(region_name=os.environ.get("AWS_REGION") or None)


def session_of(key_id: str, secret: str, region: str, token: str | None = None) -> Any:  # noqa: ANN401  as above
    """Return a session with credentials at hand."""
    return boto3.Session(
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        aws_session_token=token,
        region_name=region,
    )


def client_of(session: Any, service: str, endpoint: str | None) -> Any:  # noqa: ANN401  as above
    """Return a client that waits up to two minutes for an answer."""
    config = Config(inject_host_prefix=False, read_timeout=120, retries={"max_attempts": 3})
    return session.client(service, endpoint_url=endpoint, config=config)


def assume(session: Any, role: str) -> Any:  # noqa: ANN401  as above
    """Return a session with the rights of a role of the caller's own account, by its name."""
    sts = client_of(session, "sts", None)
    caller = sts.get_caller_identity()
    partition = caller["Arn"].split(":")[1]
    found = sts.assume_role(
        RoleArn=f"arn:{partition}:iam::{caller['Account']}:role/{role}", RoleSessionName="mos"
    )["Credentials"]
    return session_of(
        found["AccessKeyId"],
        found["SecretAccessKey"],
        session.region_name,
        found["SessionToken"],
    )


def invoke(client: Any, function: str, payload: bytes) -> dict[str, Any]:  # noqa: ANN401  as above
    """Return a function's reply.

    Raises:
        AwsRefusedError: there is no such function, or it may not be called.
        UnavailableError: nobody answers.
    """
    with answered():
        reply: dict[str, Any] = client.invoke(FunctionName=function, Payload=payload)
    return reply
