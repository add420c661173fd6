"""What passes at AWS: throttles, conflicts and faults of its own become our errors, in one place.

A function's client says so itself, before boto3 raises anything: no adapter can forget it. What is
ours to mend (a missing right, a wrong request, a failed condition) stays boto3's `ClientError`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError

from mos.errors import ContendedError, UnavailableError

_SERVERS, _TOO_MANY = 500, 429
_PASSING = frozenset({
    # Every service has a word of its own for "too much at once".
    "Throttling", "ThrottlingException", "ThrottledException", "ThrottlingError",
    "RequestThrottled", "RequestThrottledException", "RequestLimitExceeded", "SlowDown",
    "TooManyRequestsException", "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException", "BandwidthLimitExceeded",
    "PriorRequestNotComplete", "OverLimit", "KmsThrottled", "KMS.ThrottlingException",
    "EC2ThrottledException", "ExecutionLimitExceeded",
    # What is under way, or down for a moment.
    "TransactionInProgressException", "OperationAborted", "ResourceNotReadyException",
    "InternalServerError", "InternalError", "InternalFailure", "InternalServiceError",
    "InternalException", "KMSInternalException", "ServiceUnavailable", "ServiceException",
    "DependencyTimeoutException", "RequestTimeout", "RequestTimeoutException",
})  # fmt: skip
_CONTENDED = frozenset({"TransactionConflict", "TransactionConflictException"})
_FAILED = "ConditionalCheckFailed"


def listen(client: Any) -> None:  # noqa: ANN401  boto3 has no static types
    """Let every call of a client that meets what passes raise `UnavailableError` or its kin."""
    client.meta.events.register("after-call", _answered)
    client.meta.events.register("after-call-error", _unanswered)


@contextmanager
def reading(dependency: str) -> Iterator[None]:
    """Read a body that still comes in.

    Raises:
        UnavailableError: it could not be read to its end.
    """
    try:
        yield
    except BotoCoreError as error:
        raise UnavailableError(dependency, type(error).__name__) from error


def find_fault(
    service: str, code: str, status: int, reasons: tuple[str, ...] = ()
) -> UnavailableError | None:
    """Return our error for an answer that will be another one later, or None where it won't.

    A transaction whose condition failed is no fault, whatever else kept it: whoever asked must
    think again.

    >>> find_fault("kms", "AccessDeniedException", 400)
    >>> str(find_fault("s3", "SlowDown", 503))
    's3 is unavailable: SlowDown'
    """
    if _FAILED in reasons:
        return None
    if code in _CONTENDED or any(reason in _CONTENDED for reason in reasons):
        return ContendedError(service)
    is_passing = code in _PASSING or any(reason in _PASSING for reason in reasons)
    if is_passing or status >= _SERVERS or status == _TOO_MANY:
        return UnavailableError(service, code or str(status))
    return None


def _answered(
    http_response: Any,  # noqa: ANN401  botocore's own
    parsed: Mapping[str, Any],
    model: Any,  # noqa: ANN401  as above
    **_: Any,  # noqa: ANN401  as above
) -> None:
    error = parsed.get("Error", {})
    if not error and http_response.status_code < _SERVERS:
        return
    reasons = tuple(str(r.get("Code")) for r in parsed.get("CancellationReasons") or ())
    service = str(model.service_model.service_name)
    fault = find_fault(service, str(error.get("Code", "")), http_response.status_code, reasons)
    if fault:
        raise fault


def _unanswered(exception: Exception, **_: Any) -> None:  # noqa: ANN401  botocore's own
    if isinstance(exception, BotoCoreError):
        raise UnavailableError("aws", str(exception)) from exception
