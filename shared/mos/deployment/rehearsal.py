"""A rehearsal that AWS does: start the stage's state machine, watch it, fetch its report."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mos.aws.bucket import S3Bucket
from mos.deployment.deployment import Deployment
from mos.errors import MissingError, UnavailableError
from mos.model.base import canonical, derive_id
from mos.model.impact import Impact

_SECONDS, _LOOKS = 5, 6 * 3600 // 5
"""The state machine gives up after six hours; nobody waits longer."""
NAME = "rehearsal"
_HERE = "leave out --cloud: the ledger is then read page by page"
Say = Callable[[float, str], None]
Pause = Callable[[float], None]


class CloudError(OSError):
    """The rehearsal did not start, or did not end well; the text says what to do."""


@dataclass(frozen=True)
class RehearsalOrder:
    """What is asked of the state machine. `asked_at` tells one asking from the next."""

    candidate: str
    baseline: str
    days: int
    accepted: str
    export: str
    asked_at: str

    @property
    def rehearsal(self) -> str:
        """Return the id: sent twice, the same asking starts one execution."""
        return derive_id("reh", canonical(vars(self)))

    @property
    def input(self) -> str:
        """Return the input of the execution."""
        asked = {name: value for name, value in vars(self).items() if name != "asked_at"}
        return canonical(asked | {"rehearsal": self.rehearsal})


@dataclass(frozen=True)
class RehearsalResult:
    """The report, and the export it was made from, which can be used again."""

    impact: Impact
    export: str


def run_rehearsal(
    where: Deployment, wanted: RehearsalOrder, say: Say, pause: Pause = time.sleep
) -> RehearsalResult:
    """Return what came of a rehearsal that the stage does.

    The caller's own rights are used, as for every reading command.

    Raises:
        CloudError: there is no such state machine, or the rehearsal failed.
        MissingError: its report is not there.
    """
    from mos.aws.session import (  # noqa: PLC0415  slow: only what reaches AWS pays
        AwsRefusedError,
        answered,
    )

    refuse_local(where)
    try:
        with answered():
            return _fetched(where, wanted, say, pause)
    except AwsRefusedError as error:
        if error.code == "StateMachineDoesNotExist":
            raise CloudError(
                f"the stage {where.stage} has no state machine {where.name(NAME)}: deploy it "
                f"(`npx cdk deploy --all -c stage={where.stage}`), or {_HERE}"
            ) from None
        raise CloudError(str(error)) from None
    except UnavailableError as error:
        raise CloudError(f"the stage {where.stage} does not answer: {error}") from None


def refuse_local(where: Deployment) -> None:
    """Refuse the local stage.

    Raises:
        CloudError: it is the local one; the text says what to do instead.
    """
    if where.endpoint:
        raise CloudError(f"the local engine exports no tables; {_HERE}")


def _fetched(where: Deployment, wanted: RehearsalOrder, say: Say, pause: Pause) -> RehearsalResult:
    states = where.client("stepfunctions")
    execution = _started(states, where, wanted)
    say(0.0, f"{wanted.rehearsal} has begun")
    said = json.loads(_ended(states, execution, say, pause)["output"])
    body = S3Bucket(where.bucket("archive"), where.client("s3")).get(said["report"])
    if body is None:
        raise MissingError(f"report {said['report']}")
    return RehearsalResult(Impact.model_validate_json(body), str(said["export"]))


def _started(states: Any, where: Deployment, wanted: RehearsalOrder) -> str:  # noqa: ANN401  a client of boto3
    caller = where.client("sts").get_caller_identity()
    partition, region = caller["Arn"].split(":")[1], states.meta.region_name
    machine = f"arn:{partition}:states:{region}:{caller['Account']}:stateMachine:{where.name(NAME)}"
    reply = states.start_execution(
        stateMachineArn=machine, name=wanted.rehearsal, input=wanted.input
    )
    return str(reply["executionArn"])


def _ended(states: Any, execution: str, say: Say, pause: Pause) -> dict[str, Any]:  # noqa: ANN401  a client of boto3
    """Return the execution once it has succeeded.

    Raises:
        CloudError: it failed; the text is its error and cause.
    """
    for _ in range(_LOOKS):
        found: dict[str, Any] = states.describe_execution(executionArn=execution)
        if found["status"] == "SUCCEEDED":
            return found
        if found["status"] != "RUNNING":
            why = f"{found.get('error', found['status'])}: {_cause(found.get('cause', ''))}"
            raise CloudError(f"{why[:1000]} (its history: {execution})")
        say(*_progress(states, execution))
        pause(_SECONDS)
    raise CloudError(f"the rehearsal still runs; look at {execution}")


def _cause(text: str) -> str:
    """Return what a function's error says, without its traceback."""
    place, mark, rest = text.partition("{")
    try:
        return f"{place}{json.loads(mark + rest)['errorMessage']}"
    except (ValueError, TypeError, KeyError):
        return text


def _progress(states: Any, execution: str) -> tuple[float, str]:  # noqa: ANN401  a client of boto3
    """Return which share of the export's files is done, and what is being done."""
    runs = states.list_map_runs(executionArn=execution)["mapRuns"]
    if not runs:
        return 0.0, "the ledger is being exported"
    counts = states.describe_map_run(mapRunArn=runs[0]["mapRunArn"])["itemCounts"]
    total, done = int(counts["total"]), int(counts["succeeded"])
    return (done / total if total else 0.0), f"{done} of {total} files compared"
