"""The states between a decision that needs approval and its delivery. Pure data."""

from collections.abc import Sequence

from infra.constructs.states import State, next_best_action
from mos.events import ActionDecided
from mos.path import Hop


def waits_itself(hops: Sequence[Hop], hours: float) -> State:
    """Return the whole workflow as a standard one: it waits so long for its own approvals."""
    return next_best_action(hops, waiting(round(hours * 3600), name_delivery(hops)))


def name_delivery(hops: Sequence[Hop]) -> str:
    """Return the name of the state that carries a decision out."""
    return next(hop.verb.capitalize() for hop in hops if hop.takes is ActionDecided)


def waiting(seconds: int, then: str) -> dict[str, State]:
    """Return the states that put the question on a queue and wait for an answer.

    The answer comes by `SendTaskSuccess` with `{"approved": true}` or `false`. It stands beside
    the decision in the execution's history, and the decision goes on unchanged.
    """
    return {
        "AskApproval": {"Type": "Pass", "Parameters": {"event.$": "$"}, "Next": "AwaitApproval"},
        "AwaitApproval": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {
                "QueueUrl": "${approvals}",
                "MessageBody": {
                    "task_token.$": "$$.Task.Token",
                    "execution.$": "$$.Execution.Id",
                    "event.$": "$.event",
                },
            },
            "TimeoutSeconds": seconds,
            "ResultPath": "$.approval",
            "Next": "Approved",
        },
        "Approved": {
            "Type": "Choice",
            "Choices": [
                {
                    "And": [
                        {"Variable": "$.approval.approved", "IsPresent": True},
                        {"Variable": "$.approval.approved", "BooleanEquals": True},
                    ],
                    "Next": "Proceed",
                }
            ],
            "Default": "Refused",
        },
        "Proceed": {"Type": "Pass", "OutputPath": "$.event", "Next": then},
        "Refused": {"Type": "Succeed"},
    }


def handing_over(then: str) -> dict[str, State]:
    """Return the state that starts the workflow that waits for a person: an express one cannot.

    The execution is named by its decision, so that a repeated start is the same start.
    """
    return {"AskApproval": _hand_over("$.decision_id", then)}


def handing_on(then: str) -> dict[str, State]:
    """Return the state that starts the workflow that waits for a time: an express one cannot."""
    return {"HandOn": _hand_over("States.Format('{}-held', $.decided.decision_id)", then)}


def _hand_over(name: str, then: str) -> State:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution",
        "Parameters": {"StateMachineArn": "${approval}", "Name.$": name, "Input.$": "$"},
        "Catch": [
            {
                "ErrorEquals": ["StepFunctions.ExecutionAlreadyExistsException"],
                "ResultPath": None,
                "Next": then,
            }
        ],
        "Next": then,
    }
