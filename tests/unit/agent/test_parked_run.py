"""A run that failed goes on as the version of the workflow that is live when it is redriven."""

import json

import pytest

from functions.agent.parked import read_parked
from mos.ports import ParkedMessage

MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:mos-prod-next-best-action"


@pytest.mark.parametrize(
    ("named", "machine"),
    [
        ({"stateMachineAliasArn": f"{MACHINE}:live"}, f"{MACHINE}:live"),
        ({"stateMachineAliasArn": None}, MACHINE),
        ({}, MACHINE),
    ],
)
def test_a_failed_run_begins_again_where_runs_begin(
    named: dict[str, str | None], machine: str
) -> None:
    detail = {
        "executionArn": f"{MACHINE.replace('stateMachine', 'execution')}:run_1", "name": "run_1",
        "stateMachineArn": MACHINE, "stateMachineVersionArn": f"{MACHINE}:7", "status": "FAILED",
        "input": json.dumps({"run_id": "run_1"}), **named,
    }  # fmt: skip
    said = {"source": "aws.states", "detail": detail}

    thing = read_parked(ParkedMessage(json.dumps(said), None, "handle"))

    assert thing.run
    assert (thing.run.machine, thing.run.name) == (machine, "run_1")
