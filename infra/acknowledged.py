"""Findings of cdk-nag that we accept, each with its reason. The one place for them."""

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import Construct

_QUEUE_ENDS = (
    "parked, undelivered and signals-dead are where messages end up, and each has an alarm; what "
    "has a consumer that could fail has one of them behind it"
)
_RUNTIME = "every library has wheels for Python 3.13; 3.14 follows once all of them do"
_ACCEPTED = {
    "AwsSolutions::AwsSolutions-APIG4": (
        "a webhook's sender proves itself by its signature, which the function checks over the raw "
        "body; an agent carries a token of ours or its issuer's JWT, which the function checks too"
    ),
    "AwsSolutions::AwsSolutions-IAM5[Resource::*]": (
        "X-Ray and the delivery of Step Functions' logs have no resource-level permissions"
    ),
    "AwsSolutions::AwsSolutions-L1": _RUNTIME,
    "Serverless::Serverless-LambdaLatestVersion": _RUNTIME,
    "AwsSolutions::AwsSolutions-S1": (
        "who reads objects is a question for the account's CloudTrail data events, which name the "
        "caller; server access logs do not"
    ),
    "AwsSolutions::AwsSolutions-SQS3": _QUEUE_ENDS,
    "Serverless::Serverless-SQSRedrivePolicy": _QUEUE_ENDS,
    "Serverless::Serverless-SNSRedrivePolicy": (
        "the one subscription is the alarms' mailbox: an alarm whose mail is lost is red on the "
        "dashboard until its cause is gone"
    ),
    "Serverless::Serverless-LambdaDLQ": (
        "a function that is invoked without waiting has an on-failure destination, which keeps the "
        "error too; the others answer a queue, a workflow or a request"
    ),
    "Serverless::Serverless-LambdaEventSourceMappingDestination": (
        "the queue itself moves a message to its dead-letter queue after five tries"
    ),
}


def acknowledge(scope: Construct) -> None:
    """Accept the findings above in the whole app, and no others."""
    for finding, reason in _ACCEPTED.items():
        Validations.of(scope).acknowledge(Acknowledgment(id=finding, reason=reason))


def acknowledge_many(scope: Construct, arn: str, reason: str) -> None:
    """Accept one resource that stands for many, such as the objects under a prefix."""
    finding = f"AwsSolutions::AwsSolutions-IAM5[Resource::{_flat(Stack.of(scope).resolve(arn))}]"
    Validations.of(scope).acknowledge(Acknowledgment(id=finding, reason=reason))


def _flat(value: object) -> str:
    """Write a resolved value as cdk-nag does in the names of its findings."""
    match value:
        case {"Fn::Join": [str(glue), list(parts)]}:
            return glue.join(map(_flat, parts))
        case {"Ref": str(name)}:
            return f"<{name}>"
    return str(value)
