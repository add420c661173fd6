"""What passes at AWS becomes what queue and workflow retry, whichever service and call it is."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.stub import Stubber

from infra.constructs.states import RETRY
from mos import errors
from mos.aws.bucket import S3Bucket
from mos.aws.clients import client
from mos.aws.faults import reading
from mos.aws.table import DynamoTable
from mos.errors import ConflictError, ContendedError, LimitReachedError, UnavailableError
from mos.ports import Count, Record, Save

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "dynamodb": ("get_item", {"TableName": "table", "Key": {"pk": {"S": "p"}}}),
    "s3": ("get_object", {"Bucket": "bucket", "Key": "key"}),
    "sqs": ("send_message", {"QueueUrl": "https://queue", "MessageBody": "{}"}),
    "events": ("put_events", {"Entries": [{"Source": "mos"}]}),
    "ssm": ("get_parameter", {"Name": "/mos/dev/webhook/segment"}),
    "kms": ("verify", {"KeyId": "k", "Message": b"m", "Signature": b"s",
                       "SigningAlgorithm": "ECDSA_SHA_256"}),
    "lambda": ("invoke", {"FunctionName": "llm"}),
    "scheduler": ("get_schedule", {"Name": "timer"}),
    "stepfunctions": ("send_task_success", {"taskToken": "t", "output": "{}"}),
}  # fmt: skip
PASSING = (("ThrottlingException", 400), ("InternalServerError", 500), ("Unheard", 503),
           ("TooManyRequestsException", 429))  # fmt: skip
OURS = ("AccessDeniedException", "ValidationException", "ResourceNotFoundException")


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    client.cache_clear()
    yield
    client.cache_clear()


def answer(service: str, call: str, code: str, status: int, **more: Any) -> Stubber:
    stub = Stubber(client(service))
    stub.add_client_error(call, code, http_status_code=status, modeled_fields=more or None)
    stub.activate()
    return stub


@pytest.mark.parametrize("service", sorted(CALLS))
@pytest.mark.parametrize(("code", "status"), PASSING)
def test_what_passes_is_tried_again(service: str, code: str, status: int) -> None:
    call, request = CALLS[service]
    answer(service, call, code, status)

    with pytest.raises(UnavailableError, match=code):
        getattr(client(service), call)(**request)


@pytest.mark.parametrize("service", sorted(CALLS))
@pytest.mark.parametrize("code", OURS)
def test_what_is_ours_to_mend_is_not(service: str, code: str) -> None:
    call, request = CALLS[service]
    answer(service, call, code, 400)

    with pytest.raises(ClientError, match=code):
        getattr(client(service), call)(**request)


@pytest.mark.parametrize(
    ("reasons", "error"),
    [
        (("TransactionConflict", "None"), ContendedError),
        (("None", "ThrottlingError"), UnavailableError),
        (("ProvisionedThroughputExceeded", "None"), UnavailableError),
        (("ConditionalCheckFailed", "None"), ConflictError),
        (("None", "ConditionalCheckFailed"), LimitReachedError),
        (("ConditionalCheckFailed", "TransactionConflict"), ConflictError),
    ],
)
def test_a_transaction_says_whether_to_try_again_or_to_think_again(
    reasons: tuple[str, ...], error: type[Exception]
) -> None:
    told = [{"Code": code} for code in reasons]
    answer("dynamodb", "transact_write_items", "TransactionCanceledException", 400,
           CancellationReasons=told)  # fmt: skip

    with pytest.raises(error) as caught:
        DynamoTable("t").transact([Save(Record("p", "s")), Count("p", "n", "used")], "token")

    assert type(caught.value) is error


def test_a_line_that_is_cut_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    with pytest.raises(UnavailableError):
        S3Bucket("bucket").get("key")
    with pytest.raises(UnavailableError), reading("bucket"):
        raise ReadTimeoutError(endpoint_url="https://bucket")


def test_the_workflow_knows_every_error_that_passes() -> None:
    named = {name for retry in RETRY for name in retry["ErrorEquals"]}
    found = [one for _, one in inspect.getmembers(errors, inspect.isclass)
             if issubclass(one, UnavailableError)]  # fmt: skip

    assert {one.__name__ for one in found} <= named
