"""An express workflow cannot wait for a person: it hands the decision to one that can."""

import json

from infra.constructs.approval import handing_on, handing_over, waiting
from infra.constructs.states import approved_action, next_best_action, parking
from mos.path import WORKFLOW


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
