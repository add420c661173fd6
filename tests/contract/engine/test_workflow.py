"""What we rely on when ministack orchestrates: our own states, and the rule that starts them."""

import json
from typing import Any

import pytest

from functions.agent.parked import read_parked
from infra.constructs.approval import waiting
from infra.constructs.states import parking, task
from mos.aws.runs import StepFunctionsRuns
from mos.path import WORKFLOW
from mos.ports import ParkedMessage, ParkedRun
from tests.contract.engine.conftest import Probe
from tests.waiting import until

_DONE = {"Done": {"Type": "Succeed"}}
_END = {"Deliver": {"Type": "Pass", "Next": "Done"}}


def _machine(probe: Probe, name: str, start: str, states: dict[str, Any]) -> str:
    made = probe.stepfunctions.create_state_machine(
        name=name, roleArn=probe.role(f"{name}-machine"),
        definition=json.dumps({"StartAt": start, "States": states}),
    )  # fmt: skip
    return str(made["stateMachineArn"])


def _ended(probe: Probe, machine: str) -> dict[str, Any]:
    def last() -> dict[str, Any] | None:
        runs = probe.stepfunctions.list_executions(stateMachineArn=machine)["executions"]
        done = runs and runs[0]["status"] != "RUNNING"
        return (
            probe.stepfunctions.describe_execution(executionArn=runs[0]["executionArn"])
            if done
            else None
        )

    found: dict[str, Any] = until(last)
    return found


def _message(probe: Probe, url: str) -> dict[str, Any]:
    found = until(lambda: probe.sqs.receive_message(QueueUrl=url).get("Messages"))
    said: dict[str, Any] = json.loads(found[0]["Body"])
    return said


@pytest.fixture
def runs(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> StepFunctionsRuns:
    """Return the product's own adapter, on the engine."""
    monkeypatch.setattr("mos.aws.runs.client", lambda _service: probe.stepfunctions)
    return StepFunctionsRuns()


@pytest.mark.parametrize("answer", [True, False])
def test_an_approval_is_waited_for(probe: Probe, runs: StepFunctionsRuns, *, answer: bool) -> None:
    url, _ = probe.queue(f"approvals-{answer}")
    states = waiting(30, "Deliver") | _END | _DONE
    states = json.loads(json.dumps(states).replace("${approvals}", url))
    machine = _machine(probe, f"approval-{answer}", "AskApproval", states)
    decision = {"decision_id": "dec_1", "needs_approval": True}

    probe.stepfunctions.start_execution(stateMachineArn=machine, input=json.dumps(decision))
    asked = _message(probe, url)
    taken = runs.answer(asked["task_token"], {"approved": answer, "by": "Ada", "why": ""})
    ended = _ended(probe, machine)

    assert asked["event"] == decision
    assert ended["status"] == "SUCCEEDED"
    assert (json.loads(ended["output"]) == decision) is answer
    assert taken
    assert not runs.answer(asked["task_token"], {"approved": answer})


def test_a_role_may_answer_what_waits_in_its_own_machine_only(probe: Probe) -> None:
    url, _ = probe.queue("approvals-of-two")
    states = json.dumps(waiting(60, "Deliver") | _END | _DONE)
    states = json.loads(states.replace("${approvals}", url))
    own, other = (_machine(probe, name, "AskApproval", states) for name in ("own", "other"))
    may = {"Effect": "Allow", "Action": "states:SendTaskSuccess", "Resource": own}
    probe.function("approves", probe.role("approves", may), "approves")
    tokens = {}
    for machine in (own, other):
        probe.stepfunctions.start_execution(stateMachineArn=machine, input="{}")
        tokens[machine] = _message(probe, url)["task_token"]

    failed, said = probe.call("approves", {"token": tokens[other]})
    allowed = probe.call("approves", {"token": tokens[own]})

    assert failed
    assert "AccessDenied" in str(said)
    assert allowed == (False, {"told": True})
    assert _ended(probe, own)["status"] == "SUCCEEDED"


def test_an_unanswered_approval_is_parked_with_what_started_it(probe: Probe) -> None:
    approvals, _ = probe.queue("unanswered")
    parked, arn = probe.queue("parked-approval")
    states = json.dumps(waiting(1, "Deliver") | _END | _DONE)
    machine = _machine(
        probe, "expires", "AskApproval", json.loads(states.replace("${approvals}", approvals))
    )
    pattern = {
        "source": ["aws.states"], "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"status": ["FAILED"], "stateMachineArn": [machine]},
    }  # fmt: skip
    probe.events.put_rule(Name="failed", EventPattern=json.dumps(pattern))
    probe.events.put_targets(Rule="failed", Targets=[{"Id": "1", "Arn": arn}])

    probe.stepfunctions.start_execution(stateMachineArn=machine, input='{"decision_id": "dec_2"}')
    ended = _ended(probe, machine)

    assert ended["status"] == "FAILED"
    assert ended["error"] == "States.Timeout"
    said = read_parked(ParkedMessage(json.dumps(_message(probe, parked)), None, "h"))
    assert (said.kind, said.reason) == ("run", "States.Timeout")
    assert said.run == ParkedRun(ended["name"], '{"decision_id": "dec_2"}', machine)


def test_an_event_starts_a_run_whose_step_fails_by_class_and_is_parked(probe: Probe) -> None:
    parked, _ = probe.queue("parked-step")
    function = probe.function("refuses", probe.role("refuses"), "fails")
    learn = task(WORKFLOW[-1], "Done")
    learn["Retry"] = [
        {"ErrorEquals": ["ConflictError"], "IntervalSeconds": 1, "MaxAttempts": 1}
    ]  # fmt: skip
    states = json.dumps(parking({"States": {"Learn": learn} | _DONE})["States"])
    states = json.loads(states.replace("${learning}", function).replace("${parked}", parked))
    machine = _machine(probe, "started", "Learn", states)
    probe.events.create_event_bus(Name="bus")
    pattern = json.dumps({"source": ["mos"], "detail-type": ["profile.unified"]})
    probe.events.put_rule(Name="start", EventBusName="bus", EventPattern=pattern)
    probe.events.put_targets(
        Rule="start", EventBusName="bus",
        Targets=[{"Id": "1", "Arn": machine, "InputPath": "$.detail",
                  "RoleArn": probe.role("starter")}],
    )  # fmt: skip

    probe.events.put_events(
        Entries=[{"EventBusName": "bus", "Source": "mos", "DetailType": "profile.unified",
                  "Detail": '{"run_id": "run_1"}'}]
    )  # fmt: skip
    said = _message(probe, parked)
    ended = _ended(probe, machine)
    history = probe.stepfunctions.get_execution_history(executionArn=ended["executionArn"])

    assert said["error"] == "ConflictError"
    assert said["input"] == {"run_id": "run_1"}
    assert said["execution"] == ended["executionArn"]
    assert [e["type"] for e in history["events"]].count("TaskFailed") == 2
