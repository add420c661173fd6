"""Models of one's own account, by Converse: what is restricted passes no other code."""

from math import ceil

from functions.llm.call import ModelCall, ModelReply
from functions.llm.converse_form import read_converse, write_request
from functions.llm.fault import classify, read_wait
from mos.aws.converse import ConverseFault, converse
from mos.model.completion import Reason

_BY_KIND = {
    "ThrottlingException": Reason.THROTTLED,
    "ServiceQuotaExceededException": Reason.THROTTLED,
    "ModelNotReadyException": Reason.THROTTLED,
    "ModelTimeoutException": Reason.TIMED_OUT,
    "ReadTimeout": Reason.TIMED_OUT,
    "AccessDeniedException": Reason.BAD_KEY,
    "UnrecognizedClientException": Reason.BAD_KEY,
    "ExpiredTokenException": Reason.BAD_KEY,
    "ResourceNotFoundException": Reason.BAD_REQUEST,
    "ModelErrorException": Reason.UNREACHABLE,
    "InternalServerException": Reason.UNREACHABLE,
    "ServiceUnavailableException": Reason.UNREACHABLE,
}


class Converse:
    """The `Model` port on Bedrock. The role says which models it may call."""

    def __init__(self, endpoint: str = "") -> None:
        self._endpoint = endpoint

    def complete(self, call: ModelCall) -> ModelReply:
        """Return what came of one call."""
        found = converse(
            write_request(call),
            region=call.card.region,
            endpoint=self._endpoint,
            seconds=ceil(call.seconds),
        )
        return (
            _read_fault(found) if isinstance(found, ConverseFault) else read_converse(found, call)
        )


def _read_fault(fault: ConverseFault) -> ModelReply:
    reason = _BY_KIND.get(fault.code) or classify(fault.status, fault.message)
    # Without a status it is the client that fell: its message is an error's name.
    more = fault.status or fault.message
    return ModelReply(
        reason, detail=f"{fault.code} {more}"[:60], retry_after=read_wait(fault.retry_after)
    )
