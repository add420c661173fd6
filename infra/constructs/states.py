"""The workflow's states, as Amazon States Language (JSONPath). Pure data.

    WaitForWindow → Place → Permit → Decide → NeedsApproval → [Approval] → Deliver → Learn → Done

Names in `${…}` are filled in by CloudFormation.
"""

from collections.abc import Sequence
from typing import Any

from mos.errors import PASSING
from mos.events import ActionDecided
from mos.path import Hop

State = dict[str, Any]

_LAMBDA_IS_BUSY = [
    "Lambda.ClientExecutionTimeoutException", "Lambda.ServiceException",
    "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException",
    "Sandbox.Timedout",
]  # fmt: skip
RETRY = [
    {
        "ErrorEquals": ["ConflictError"],
        "IntervalSeconds": 1, "BackoffRate": 1.5, "MaxAttempts": 8, "MaxDelaySeconds": 10,
        "JitterStrategy": "FULL",
    },
    {
        "ErrorEquals": [*(error.__name__ for error in PASSING), *_LAMBDA_IS_BUSY],
        "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 6, "MaxDelaySeconds": 120,
        "JitterStrategy": "FULL",
    },
]  # fmt: skip
_CATCH = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Park"}]


def names(hops: Sequence[Hop]) -> list[str]:
    """Return the names of the hops' states: their verbs."""
    return [hop.verb.capitalize() for hop in hops]


def next_best_action(hops: Sequence[Hop], approval: dict[str, State]) -> State:
    """Return the workflow: wait for the window to close, then hop after hop.

    `approval` holds the states between a decision that needs approval and its delivery.
    """
    before, after = _split(hops)
    wait = {"Type": "Wait", "TimestampPath": "$.run_at", "Next": names(before)[0]}
    gate = {
        "Type": "Choice",
        "Choices": [
            {
                "And": [
                    {"Variable": "$.needs_approval", "IsPresent": True},
                    {"Variable": "$.needs_approval", "BooleanEquals": True},
                ],
                "Next": next(iter(approval)),
            }
        ],
        "Default": names(after)[0],
    }
    return {
        "Comment": "One execution is one decision for one buying group.",
        "StartAt": "WaitForWindow",
        "States": {"WaitForWindow": wait}
        | _chain(before, "NeedsApproval")
        | {"NeedsApproval": gate}
        | approval
        | _chain(after, "Done")
        | ends(),
    }


def approved_action(hops: Sequence[Hop], approval: dict[str, State]) -> State:
    """Return the workflow of one decision that waits for a person, where the main one cannot."""
    _, after = _split(hops)
    return {
        "Comment": "One decision that needs approval, from the question to what was learnt.",
        "StartAt": next(iter(approval)),
        "States": approval | _chain(after, "Done") | ends(),
    }


def _split(hops: Sequence[Hop]) -> tuple[Sequence[Hop], Sequence[Hop]]:
    """Return the hops up to the decision, and those that carry it out."""
    at = next(index for index, hop in enumerate(hops) if hop.takes is ActionDecided)
    return hops[:at], hops[at:]


def _chain(hops: Sequence[Hop], then: str) -> dict[str, State]:
    """Return each hop's state, one leading to the next."""
    following = [*names(hops)[1:], then]
    return {
        name: task(hop, after)
        for name, hop, after in zip(names(hops), hops, following, strict=True)
    }


def task(hop: Hop, then: str) -> State:
    """Return the state that runs one hop: the event in, the next event out."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {
            "FunctionName": f"${{{hop.layer}}}",
            "Payload": {"event.$": "$", "execution.$": "$$.Execution.Id"},
        },
        "OutputPath": "$.Payload",
        "Retry": RETRY,
        "Catch": _CATCH,
        "Next": then,
    }


def ends() -> dict[str, State]:
    """Return the states at which a run ends, well or parked."""
    park = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {
            "QueueUrl": "${parked}",
            "MessageBody": {
                "error.$": "$.error.Error",
                "cause.$": "$.error.Cause",
                "execution.$": "$$.Execution.Id",
                "input.$": "$$.Execution.Input",
            },
            "MessageAttributes": {
                "reason": {"DataType": "String", "StringValue.$": "$.error.Error"}
            },
        },
        "ResultPath": None,
        "Retry": [
            {
                "ErrorEquals": ["States.TaskFailed"],
                "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 5,
                "JitterStrategy": "FULL",
            }
        ],
        "Next": "Parked",
    }  # fmt: skip
    failed = {"Type": "Fail", "ErrorPath": "$.error.Error", "CausePath": "$.error.Cause"}
    return {"Done": {"Type": "Succeed"}, "Park": park, "Parked": failed}
