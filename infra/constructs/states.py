"""The workflow's states, as Amazon States Language (JSONPath). Pure data.

    WaitForWindow → Place → Permit → Decide → NeedsApproval → [Approval] → Deliver → Learn → Done

What cannot leave yet is held: Deliver says until when, Hold waits, and Deliver is asked again. What
fails stays failed in its state, so that the console's own redrive goes on from there; a rule on the
end of executions parks it (`mos parked`).

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
    "Sandbox.Timedout", "States.Timeout",
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
RUN_SECONDS = 31 * 24 * 3600
"""How long a run may take with all that it waits for: longer than any action lives."""
_STEP_SECONDS = 150
"""How long one try of a step may take: longer than any function of the workflow lives."""


def names(hops: Sequence[Hop]) -> list[str]:
    """Return the names of the hops' states: their verbs."""
    return [hop.verb.capitalize() for hop in hops]


def next_best_action(
    hops: Sequence[Hop], approval: dict[str, State], held: dict[str, State] | None = None
) -> State:
    """Return the workflow: wait for the window to close, then hop after hop.

    `approval` holds the states between a decision that needs approval and its delivery, `held`
    those between a delivery that is held and the next try: it waits itself where none are given.
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
        "TimeoutSeconds": RUN_SECONDS,
        "States": {"WaitForWindow": wait}
        | _chain(before, "NeedsApproval")
        | {"NeedsApproval": gate}
        | approval
        | _carry_out(after, held or holding(names(after)[0]))
        | _DONE,
    }


def approved_action(hops: Sequence[Hop], approval: dict[str, State]) -> State:
    """Return the workflow of one decision that waits, for a person or a time.

    It runs where the main one cannot wait.
    """
    _, after = _split(hops)
    waits = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.held_until", "IsPresent": True, "Next": "Hold"}],
        "Default": next(iter(approval)),
    }
    return {
        "Comment": "One decision that waits, from the question to what was learnt.",
        "StartAt": "WhatFor",
        "TimeoutSeconds": RUN_SECONDS,
        "States": {"WhatFor": waits}
        | approval
        | _carry_out(after, holding(names(after)[0]))
        | _DONE,
    }


def holding(then: str) -> dict[str, State]:
    """Return the states in which a run waits until it may try again."""
    return {
        "Hold": {"Type": "Wait", "TimestampPath": "$.held_until", "Next": "Resume"},
        "Resume": {"Type": "Pass", "OutputPath": "$.decided", "Next": then},
    }


def _carry_out(hops: Sequence[Hop], held: dict[str, State]) -> dict[str, State]:
    """Return the states of a decision that goes out, and of one that is held on the way."""
    first, *rest = names(hops)
    asks = {
        "Type": "Choice",
        "Choices": [
            {"Variable": "$.held_until", "IsPresent": True, "Next": next(iter(held))},
        ],
        "Default": rest[0],
    }
    return {first: task(hops[0], "Held")} | {"Held": asks} | held | _chain(hops[1:], "Done")


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
        "TimeoutSeconds": _STEP_SECONDS,
        "Retry": RETRY,
        "Next": then,
    }


_DONE: dict[str, State] = {"Done": {"Type": "Succeed"}}


def parking(machine: State) -> State:
    """Return a workflow that parks what fails itself: nobody is told how an express one ended."""
    catch = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Park"}]
    states = {
        name: state | {"Catch": [*state.get("Catch", ()), *catch]}
        if state["Type"] == "Task"
        else state
        for name, state in machine["States"].items()
    }
    return machine | {"States": states | _PARK}


_PARK: dict[str, State] = {
    "Park": {
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
    },
    "Parked": {"Type": "Fail", "ErrorPath": "$.error.Error", "CausePath": "$.error.Cause"},
}  # fmt: skip
