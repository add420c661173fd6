"""Rehearsals in the cloud: their workflow can be followed, and keeps within its bounds."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from functions.simulation.handler import STEPS
from tests.infra.template import Resource, Templates

State = dict[str, Any]
_KEYS = ("Next", "Default", "StartAt")


@pytest.fixture(scope="module")
def machine(templates: Templates) -> Resource:
    return next(m for m in templates.of("AWS::StepFunctions::StateMachine") if "reh" in m.stack)


@pytest.fixture(scope="module")
def definition(machine: Resource) -> State:
    found: State = json.loads(machine.properties["DefinitionString"])
    return found


def machines(definition: State) -> Iterator[State]:
    """Yield the workflow, and those within its maps."""
    yield definition
    for state in definition["States"].values():
        if "ItemProcessor" in state:
            yield from machines(state["ItemProcessor"])


def states(definition: State) -> dict[str, State]:
    return {n: s for one in machines(definition) for n, s in one["States"].items()}


def leads_to(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, held in value.items():
            if key in _KEYS and isinstance(held, str):
                yield held
            elif key != "ItemProcessor":
                yield from leads_to(held)
    elif isinstance(value, list):
        for held in value:
            yield from leads_to(held)


def test_every_state_can_be_reached_and_leads_to_one_that_exists(definition: State) -> None:
    for one in machines(definition):
        named = {one["StartAt"]} | set(leads_to(one["States"]))

        assert named == set(one["States"])


def test_every_state_that_does_something_says_what_it_is_for(definition: State) -> None:
    busy = [s for s in states(definition).values() if s["Type"] in {"Task", "Map", "Choice"}]

    assert definition["Comment"]
    assert all(state.get("Comment") for state in busy)


def test_the_function_knows_every_step_that_it_is_asked_for(definition: State) -> None:
    asked = {
        s["Parameters"]["Payload"]["step"]
        for s in states(definition).values()
        if s.get("Resource", "").endswith("lambda:invoke")
    }

    assert asked == set(STEPS)


def test_every_task_is_tried_again_and_what_is_wrong_is_not(definition: State) -> None:
    for state in states(definition).values():
        if state["Type"] == "Task":
            tried = {name for rule in state["Retry"] for name in rule["ErrorEquals"]}
            assert tried == {"States.TaskFailed"} or "UnavailableError" in tried
            assert not {"MalformedError", "MissingError", "BundleError"} & tried


def test_the_fan_out_is_bounded_and_one_failed_file_fails_it(definition: State) -> None:
    fan = definition["States"]["CompareFiles"]

    assert fan["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    assert 0 < fan["MaxConcurrency"] <= 100
    assert fan["ToleratedFailurePercentage"] == 0
    assert fan["Catch"][0]["Next"] == "Explain"
    assert definition["States"]["Explain"]["Next"] == "Failed"


def test_an_export_is_waited_for_within_the_time_of_the_whole(definition: State) -> None:
    held = definition["States"]
    looks = next(
        c["NumericGreaterThanEquals"]
        for c in held["IsThere"]["Choices"]
        if "NumericGreaterThanEquals" in c
    )

    assert looks * held["Wait"]["Seconds"] < definition["TimeoutSeconds"]
    assert held["Export"]["Parameters"]["ClientToken.$"] == "$.asked.rehearsal"


def test_it_stays_a_standard_workflow_and_every_name_is_filled_in(
    machine: Resource, definition: State
) -> None:
    filled = set(machine.properties["DefinitionSubstitutions"])

    assert machine.properties["StateMachineType"] == "STANDARD"
    assert set(re.findall(r"\$\{(\w+)\}", json.dumps(definition))) == filled


def test_the_archive_forgets(templates: Templates) -> None:
    (archive,) = (
        b for b in templates.of("AWS::S3::Bucket")
        if "archive" in templates.name(b.stack, {"Ref": b.id})
    )  # fmt: skip

    rules = archive.properties["LifecycleConfiguration"]["Rules"]
    assert [r["ExpirationInDays"] for r in rules if "ExpirationInDays" in r] == [14]


def test_the_function_has_time_and_memory_for_a_piece(templates: Templates) -> None:
    function = next(
        f.properties
        for f in templates.of("AWS::Lambda::Function")
        if f.properties["FunctionName"] == "mos-test-simulation"
    )

    assert function["Timeout"] == 900
    assert function["MemorySize"] >= 3008
    assert "MOS_BUCKET_ARCHIVE" in function["Environment"]["Variables"]
