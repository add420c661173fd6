"""A deployed system, here or in AWS, as the command line reaches it: through IAM."""

import json
import os
import socket
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCAL = ROOT / ".local"
STATUS = LOCAL / "status.json"


class NotDeployedError(Exception):
    """There is no system to talk to; the text says how to get one."""


class Deployment:
    """Names and clients of one stage.

    The stage `local` is found through the status file that `mos up` writes; any other is found in
    AWS by its name, with the usual AWS settings (AWS_PROFILE, AWS_REGION).
    """

    def __init__(self, stage: str, session: Any, endpoint: str | None) -> None:  # noqa: ANN401  boto3 has no static types
        self.stage = stage
        self.endpoint = endpoint
        self._session = session

    def client(self, service: str) -> Any:  # noqa: ANN401  boto3 has no static types
        from botocore.config import Config  # noqa: PLC0415  slow: only what reaches a stage pays

        config = Config(inject_host_prefix=False, read_timeout=120, retries={"max_attempts": 3})
        return self._session.client(service, endpoint_url=self.endpoint, config=config)

    def name(self, thing: str) -> str:
        """Return the name of one of the stage's resources."""
        return f"mos-{self.stage}-{thing}"

    def webhook_url(self) -> str:
        """Return where the doors of the stage are."""
        if self.endpoint:
            return str(read_status()["webhook_url"])
        stack = self.client("cloudformation").describe_stacks(StackName=self.name("edge"))
        outputs = stack["Stacks"][0]["Outputs"]
        return str(next(o["OutputValue"] for o in outputs if o["OutputKey"] == "WebhookUrl"))

    def bucket(self, name: str) -> str:
        """Return the name of one of the stage's buckets, which names its account and region."""
        account = self.client("sts").get_caller_identity()["Account"]
        return f"{self.name(name)}-{account}-{self._session.region_name}"

    def acting_as(self, role: str) -> "Deployment":
        """Return the same stage as one of its roles reaches it; the local one has no roles."""
        if self.endpoint:
            return self
        import boto3  # noqa: PLC0415  slow: only what reaches a stage pays

        sts = self.client("sts")
        caller = sts.get_caller_identity()
        partition = caller["Arn"].split(":")[1]
        found = sts.assume_role(
            RoleArn=f"arn:{partition}:iam::{caller['Account']}:role/{self.name(role)}",
            RoleSessionName="mos",
        )["Credentials"]
        session = boto3.Session(
            aws_access_key_id=found["AccessKeyId"],
            aws_secret_access_key=found["SecretAccessKey"],
            aws_session_token=found["SessionToken"],
            region_name=self._session.region_name,
        )
        return Deployment(self.stage, session, None)

    def _hint(self) -> str:
        if self.endpoint:
            return "Start it with `mos up`."
        return "Set AWS_PROFILE and AWS_REGION to where it is deployed."

    def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401  a tool's own arguments
        """Return what the agent function answers an operator.

        Raises:
            NotDeployedError: there is no such function to be reached.
        """
        from botocore.exceptions import (  # noqa: PLC0415  slow: only what reaches a stage pays
            BotoCoreError,
            ClientError,
        )

        payload = json.dumps({"tool": tool, "arguments": arguments}).encode()
        try:
            reply = self.client("lambda").invoke(FunctionName=self.name("agent"), Payload=payload)
        except (BotoCoreError, ClientError) as error:
            raise NotDeployedError(
                f"The stage {self.stage} does not answer ({type(error).__name__}). {self._hint()}"
            ) from error
        answer: dict[str, Any] = json.loads(reply["Payload"].read())
        if "FunctionError" in reply:
            detail = f"{answer.get('errorType')}: {answer.get('errorMessage')}"
            return {"ok": False, "reason": "failed", "detail": detail}
        return answer


@cache
def deployment() -> Deployment:
    """Return the deployment that MOS_STAGE names (default: the local one)."""
    import boto3  # noqa: PLC0415  slow: only what reaches a stage pays

    stage = os.environ.get("MOS_STAGE", "local")
    return Deployment(stage, boto3.Session(), None) if stage != "local" else connect(LOCAL)


def connect(folder: Path) -> Deployment:
    """Return the local deployment whose status file lies in `folder`."""
    import boto3  # noqa: PLC0415  slow: only what reaches a stage pays

    status = read_status(folder)
    session = boto3.Session(
        aws_access_key_id=status["access_key_id"],
        aws_secret_access_key=status["secret_access_key"],
        region_name=status["region"],
    )
    return Deployment("local", session, status["endpoint_url"])


def read_status(folder: Path = LOCAL) -> dict[str, Any]:
    """Return what `mos up` wrote of the local system.

    Raises:
        NotDeployedError: it is not up.
    """
    try:
        found: dict[str, Any] = json.loads((folder / STATUS.name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotDeployedError("The local system is not up. Start it with `mos up`.") from None
    port = int(str(found["endpoint_url"]).rpartition(":")[2])
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)):
            raise NotDeployedError(
                "The local engine does not answer: it was killed. Start it again with `mos up`."
            )
    return found
