"""A deployed system, here or in AWS, as an operator reaches it: through IAM."""

import json
from dataclasses import dataclass
from typing import Any

from mos.errors import UnavailableError


class NotDeployedError(Exception):
    """There is no system to talk to; the text says how to get one."""


@dataclass(frozen=True)
class Deployment:
    """Names and clients of one stage.

    `session` is boto3's. Only the stage of the local engine has an `endpoint`, and knows where its
    `doors` are; any other is found in AWS by its name.
    """

    stage: str
    session: Any
    endpoint: str | None = None
    doors: str = ""

    def client(self, service: str) -> Any:  # noqa: ANN401  boto3 has no static types
        from mos.aws.session import client_of  # noqa: PLC0415  slow: only what reaches a stage pays

        return client_of(self.session, service, self.endpoint)

    def name(self, thing: str) -> str:
        """Return the name of one of the stage's resources."""
        return f"mos-{self.stage}-{thing}"

    def webhook_url(self) -> str:
        """Return where the doors of the stage are."""
        if self.endpoint:
            return self.doors
        stack = self.client("cloudformation").describe_stacks(StackName=self.name("edge"))
        outputs = stack["Stacks"][0]["Outputs"]
        return str(next(o["OutputValue"] for o in outputs if o["OutputKey"] == "WebhookUrl"))

    def bucket(self, name: str) -> str:
        """Return the name of one of the stage's buckets, which names its account and region."""
        account = self.client("sts").get_caller_identity()["Account"]
        return f"{self.name(name)}-{account}-{self.session.region_name}"

    def name_caller(self) -> str:
        """Return the caller as AWS knows them; nothing on the local stage, which knows nobody."""
        if self.endpoint:
            return ""
        return str(self.client("sts").get_caller_identity()["Arn"])

    def acting_as(self, role: str) -> "Deployment":
        """Return the same stage as one of its roles reaches it; the local one has no roles."""
        from mos.aws.session import assume  # noqa: PLC0415  slow: only what reaches a stage pays

        if self.endpoint:
            return self
        name = f"{self.name(role)}-{self.session.region_name}"
        return Deployment(self.stage, assume(self.session, name))

    def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401  a tool's own arguments
        """Return what the operators' function answers.

        Raises:
            NotDeployedError: there is no such function to be reached.
        """
        from mos.aws.session import (  # noqa: PLC0415  slow: only what reaches a stage pays
            AwsRefusedError,
            invoke,
        )

        # In AWS the version that is live; the local engine has none.
        name = self.name("operator") if self.endpoint else f"{self.name('operator')}:live"
        payload = json.dumps({"tool": tool, "arguments": arguments}).encode()
        try:
            reply = invoke(self.client("lambda"), name, payload)
        except (AwsRefusedError, UnavailableError) as error:
            fault = error.code if isinstance(error, AwsRefusedError) else error.dependency
            raise NotDeployedError(
                f"The stage {self.stage} does not answer ({fault}). {self._hint()}"
            ) from error
        answer: dict[str, Any] = json.loads(reply["Payload"].read())
        if "FunctionError" in reply:
            detail = f"{answer.get('errorType')}: {answer.get('errorMessage')}"
            return {"ok": False, "reason": "failed", "detail": detail}
        return answer

    def _hint(self) -> str:
        if self.endpoint:
            return "Start it with `mos up`."
        return "Set AWS_PROFILE and AWS_REGION to where it is deployed."
