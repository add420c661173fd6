"""The llm function, called by name."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mos.aws.clients import client, setting
from mos.errors import UnavailableError


class LambdaAsker:
    """The `Asker` port on Lambda's Invoke."""

    def ask(self, task: str, question: Mapping[str, Any], context: Mapping[str, str]) -> Any:  # noqa: ANN401  the task's answer as JSON
        reply = self._invoke("RequestResponse", task, question, context)
        answer = json.loads(reply["Payload"].read())
        if "FunctionError" in reply:
            raise UnavailableError("llm", str(answer.get("errorType", "error")))
        return answer

    def ask_later(self, task: str, question: Mapping[str, Any], context: Mapping[str, str]) -> None:
        self._invoke("Event", task, question, context)

    def _invoke(
        self, how: str, task: str, question: Mapping[str, Any], context: Mapping[str, str]
    ) -> Any:  # noqa: ANN401  boto3's own shape
        body = {
            "task": task,
            "question": dict(question),
            "context": dict(context),
            "later": how == "Event",
        }
        try:
            return client("lambda").invoke(
                FunctionName=setting("FUNCTION_ASK"),
                InvocationType=how,
                Payload=json.dumps(body).encode(),
            )
        except (BotoCoreError, ClientError) as error:
            raise UnavailableError("llm", type(error).__name__) from error
