"""Executions of Step Functions that wait on a task token."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mos.aws.clients import client
from mos.errors import UnavailableError

_OVER = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})


class StepFunctionsRuns:
    """The `Runs` port on Step Functions."""

    def answer(self, token: str, said: Mapping[str, Any]) -> bool:
        try:
            client("stepfunctions").send_task_success(
                taskToken=token, output=json.dumps(dict(said))
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _OVER:
                return False
            raise UnavailableError("stepfunctions", code) from error
        except BotoCoreError as error:
            raise UnavailableError("stepfunctions", type(error).__name__) from error
        return True
