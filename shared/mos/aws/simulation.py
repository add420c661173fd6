"""The simulation function, called by name."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mos.aws.clients import client, setting
from mos.errors import UnavailableError
from mos.refusal import read_reply


class LambdaSimulation:
    """The `Simulation` port on Lambda's Invoke."""

    def ask(self, question: str, about: Mapping[str, Any]) -> dict[str, Any]:
        reply = self._invoke("RequestResponse", question, about)
        answer = json.loads(reply["Payload"].read())
        if "FunctionError" in reply:
            raise UnavailableError("simulation", str(answer.get("errorType", "error")))
        return read_reply(answer)

    def start(self, question: str, about: Mapping[str, Any]) -> None:
        self._invoke("Event", question, about)

    def _invoke(self, how: str, question: str, about: Mapping[str, Any]) -> Any:  # noqa: ANN401  boto3's own shape
        try:
            return client("lambda").invoke(
                FunctionName=setting("FUNCTION_REHEARSE"),
                InvocationType=how,
                Payload=json.dumps({"question": question, "about": dict(about)}).encode(),
            )
        except (BotoCoreError, ClientError) as error:
            raise UnavailableError("simulation", type(error).__name__) from error
