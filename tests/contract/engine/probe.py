"""Handlers that the probes upload. Only the standard library and boto3."""

import json
import os
import sys

import boto3


class ConflictError(Exception):
    """An error whose class a workflow must be able to tell."""


def fails(event, context):
    sys.stderr.write("called\n")
    if event.get("fail", True):
        raise ConflictError("somebody was first")
    return {"pid": os.getpid()}


def batch(event, context):
    sys.stderr.write("batch\n")
    poison = [r for r in event["Records"] if json.loads(r["body"]).get("poison")]
    for one in poison:
        boto3.client("sqs").change_message_visibility(
            QueueUrl=os.environ["QUEUE"], ReceiptHandle=one["receiptHandle"], VisibilityTimeout=0
        )
    return {"batchItemFailures": [{"itemIdentifier": one["messageId"]} for one in poison]}


def writes(event, context):
    sys.stderr.write("writes\n")
    boto3.client("dynamodb").put_item(
        TableName=event["table"], Item={"pk": {"S": "a"}, "sk": {"S": "b"}}
    )
    return {"written": True}


def sends(event, context):
    sys.stderr.write("sends\n")
    entries = [{"Id": "0", "MessageBody": "{}"}]
    reply = boto3.client("sqs").send_message_batch(QueueUrl=event["queue"], Entries=entries)
    return {"sent": len(reply["Successful"])}


def schedules(event, context):
    sys.stderr.write("schedules\n")
    boto3.client("scheduler").create_schedule(
        Name="one", GroupName=event["group"], ScheduleExpression="at(2099-01-01T00:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": event["queue"], "RoleArn": event["role"]},
    )  # fmt: skip
    return {"scheduled": True}


def approves(event, context):
    sys.stderr.write("approves\n")
    boto3.client("stepfunctions").send_task_success(
        taskToken=event["token"], output='{"approved": true, "by": "Ada", "why": ""}'
    )
    return {"told": True}
