"""What stands of a stage in AWS, as its stacks and parameters say: no secret's value."""

from typing import Any

from mos.aws.session import answered
from mos.deployment.deployment import Deployment, NotDeployedError


def read_stage(where: Deployment) -> dict[str, Any]:
    """Return a stage's doors, stacks, their outputs, and which secrets are stored.

    Secrets are by the name of their door or system, and without their values.

    Raises:
        NotDeployedError: no stack of this stage is in this account and region.
        AwsRefusedError: the caller may not look.
        UnavailableError: AWS was not reached.
    """
    with answered():
        stacks = _find_stacks(where)
        secrets = _find_secrets(where)
    if not stacks:
        region = where.session.region_name
        raise NotDeployedError(
            f"No stack of the stage {where.stage} is in {region} of this account. "
            f"Set AWS_PROFILE and AWS_REGION to where it is, or deploy it: docs/deploy.md."
        )
    outputs = {k: v for found in stacks.values() for k, v in found["outputs"].items()}
    return {
        "webhook_url": outputs.get("WebhookUrl"),
        "mcp_url": outputs.get("McpUrl"),
        "endpoint_url": f"AWS, {where.session.region_name}",
        "outputs": outputs,
        "secrets": dict.fromkeys(secrets),
        "stacks": [
            name if found["status"].endswith("_COMPLETE") else f"{name} ({found['status']})"
            for name, found in sorted(stacks.items())
        ],
    }


def _find_stacks(where: Deployment) -> dict[str, dict[str, Any]]:
    pages = where.client("cloudformation").get_paginator("describe_stacks").paginate()
    return {
        stack["StackName"]: {
            "status": stack["StackStatus"],
            "outputs": {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", ())},
        }
        for page in pages
        for stack in page["Stacks"]
        if stack["StackName"].startswith(where.name(""))
    }


def _find_secrets(where: Deployment) -> list[str]:
    root = f"/mos/{where.stage}/"
    asked = [{"Key": "Name", "Option": "BeginsWith", "Values": [root]}]
    pages = (
        where.client("ssm").get_paginator("describe_parameters").paginate(ParameterFilters=asked)
    )
    return sorted(p["Name"].removeprefix(root) for page in pages for p in page["Parameters"])
