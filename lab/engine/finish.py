"""What follows a local deployment: what the engine's CloudFormation lacks, and the routes."""

import contextlib
import json
from typing import Any

import boto3
from botocore.exceptions import ClientError

from lab.engine.engine import REGION, Engine, Running

PREFIX = "mos-local-"


def client(running: Running, service: str) -> Any:  # noqa: ANN401  boto3 clients have no static type
    """Return a client of one of the engine's services."""
    return boto3.client(
        service,
        endpoint_url=running.endpoint,
        region_name=REGION,
        aws_access_key_id=running.account,
        aws_secret_access_key="local",  # noqa: S106  the engine takes any
    )


def outputs(running: Running) -> dict[str, str]:
    """Return what the deployed stacks tell."""
    pages = client(running, "cloudformation").get_paginator("describe_stacks").paginate()
    return {
        output["OutputKey"]: output["OutputValue"]
        for page in pages
        for stack in page["Stacks"]
        if stack["StackName"].startswith(PREFIX)
        for output in stack.get("Outputs", ())
        if not output["OutputKey"].startswith("PublishOutput")
    }


def finish(engine: Engine, running: Running) -> dict[str, str]:
    """Set TTL, make the archive, route the gateway; return what the stacks tell."""
    told = outputs(running)
    _forget_in_time(running, told)
    _keep_events(running, told["Bus"])
    routes = {
        "/": told["WebhookApiId"],
        "/mcp": told["McpApiId"],
        "/.well-known/": told["McpApiId"],
    }
    engine.routes.write_text(json.dumps(routes), encoding="utf-8")
    return told


def _forget_in_time(running: Running, told: dict[str, str]) -> None:
    dynamodb = client(running, "dynamodb")
    setting = {"Enabled": True, "AttributeName": "expires_at"}
    for name, table in told.items():
        if name.startswith("Table"):
            with contextlib.suppress(ClientError):  # it is already on
                dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=setting)


def _keep_events(running: Running, bus: str) -> None:
    events = client(running, "events")
    arn = events.describe_event_bus(Name=bus)["Arn"]
    with contextlib.suppress(events.exceptions.ResourceAlreadyExistsException):
        events.create_archive(
            ArchiveName=f"{PREFIX}archive",
            EventSourceArn=arn,
            EventPattern=json.dumps({"source": ["mos"]}),
            RetentionDays=1,
        )


def empty_buckets(running: Running) -> None:
    """Empty our buckets: CloudFormation would refuse to delete a full one."""
    s3 = client(running, "s3")
    for bucket in s3.list_buckets()["Buckets"]:
        if bucket["Name"].startswith(PREFIX):
            empty(s3, bucket["Name"])


def empty(s3: Any, bucket: str) -> None:  # noqa: ANN401  boto3 clients have no static type
    """Delete every version of every object."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for found in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]:
            s3.delete_object(Bucket=bucket, Key=found["Key"], VersionId=found["VersionId"])
