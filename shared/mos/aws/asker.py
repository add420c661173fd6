"""The llm function, called by name."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mos.aws.clients import client, client_within, setting
from mos.errors import UnavailableError

_LONGEST, _LEAST, _OWN = 45.0, 3.0, 30.0
"""The longest that an answer is waited for, the least that is worth asking, and what is kept."""


class LambdaAsker:
    """The `Asker` port on Lambda's Invoke: an answer is asked for once.

    With `seconds`, those that the caller may still take, it waits only as long as leaves the
    caller thirty of them for its own work; with less than three to wait it does not ask at all.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = _LONGEST if seconds is None else min(_LONGEST, seconds - _OWN)

    def ask(self, task: str, question: Mapping[str, Any], context: Mapping[str, str]) -> Any:  # noqa: ANN401  the task's answer as JSON
        if self._seconds < _LEAST:
            raise UnavailableError("llm", "the caller has no time left to wait for it")
        reply = self._invoke("RequestResponse", task, question, context)
        try:
            answer = json.loads(reply["Payload"].read())
        except (BotoCoreError, OSError, ValueError) as error:
            raise UnavailableError("llm", type(error).__name__) from error
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
            "seconds": self._seconds,
        }
        waits = how == "RequestResponse"
        asked = client_within("lambda", int(self._seconds)) if waits else client("lambda")
        try:
            return asked.invoke(
                FunctionName=setting("FUNCTION_ASK"),
                InvocationType=how,
                Payload=json.dumps(body).encode(),
            )
        except (BotoCoreError, ClientError) as error:
            raise UnavailableError("llm", type(error).__name__) from error
