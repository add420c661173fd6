"""An express workflow cannot wait for a person: it hands the decision to one that can."""

import json
from pathlib import Path

from infra.constructs.approval import handing_on, handing_over, waiting
from infra.constructs.states import approved_action, next_best_action, parking
from infra.settings import Settings
from mos.path import WORKFLOW
from tests.infra.conftest import synthesise
from tests.infra.template import Templates


def test_the_express_workflow_never_waits_for_a_token() -> None:
    states = parking(next_best_action(WORKFLOW, handing_over("Done"), handing_on("Done")))

    assert "waitForTaskToken" not in json.dumps(states)
    assert states["States"]["Held"]["Choices"][0]["Next"] == "HandOn"
    waits = [name for name, state in states["States"].items() if state["Type"] == "Wait"]
    assert waits == ["WaitForWindow"]
    assert states["States"]["AskApproval"]["Parameters"]["Name.$"] == "$.decision_id"


def test_the_approval_workflow_delivers_and_learns() -> None:
    states = approved_action(WORKFLOW, waiting(60, "Deliver"))

    first = states["States"][states["StartAt"]]
    assert (first["Choices"][0]["Next"], first["Default"]) == ("Hold", "AskApproval")
    assert {"AwaitApproval", "Deliver", "Hold", "Learn", "Done"} <= set(states["States"])
    assert "Place" not in states["States"]


def test_every_state_leads_to_one_that_exists() -> None:
    for machine in (
        parking(next_best_action(WORKFLOW, handing_over("Done"), handing_on("Done"))),
        next_best_action(WORKFLOW, waiting(60, "Deliver")),
        approved_action(WORKFLOW, waiting(60, "Deliver")),
    ):
        states = machine["States"]
        leads = {
            rule["Next"]
            for state in states.values()
            for rule in [state, *state.get("Catch", ()), *state.get("Choices", ())]
            if "Next" in rule
        } | {state["Default"] for state in states.values() if "Default" in state}
        assert leads <= set(states)


def test_an_express_stage_lets_the_hands_park_dead_runs_for_the_machine_that_waits(
    tmp_path: Path,
) -> None:
    made = synthesise(tmp_path, Settings(stage="test", workflow="express"))
    [hands] = [
        f.properties["Environment"]["Variables"]
        for f in made.of("AWS::Lambda::Function")
        if "MOS_MACHINE_HELD" in f.properties.get("Environment", {}).get("Variables", {})
    ]
    machines = {
        m.properties["StateMachineName"]: m.properties["StateMachineType"]
        for m in made.of("AWS::StepFunctions::StateMachine")
    }

    assert hands["MOS_LAYER"] == "action"
    assert "MOS_QUEUE_PARKED" in hands
    assert "stateMachine:mos-test-approval" in json.dumps(hands["MOS_MACHINE_HELD"])
    assert machines["mos-test-approval"] == "STANDARD"
    assert machines["mos-test-next-best-action"] == "EXPRESS"


def test_a_standard_stage_is_told_by_aws_how_each_run_ended(templates: Templates) -> None:
    for function in templates.of("AWS::Lambda::Function"):
        told = function.properties.get("Environment", {}).get("Variables", {})
        assert "MOS_MACHINE_HELD" not in told
