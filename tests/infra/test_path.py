"""What is deployed is what `mos.path` says."""

import json
from typing import Any

import pytest

from mos.path import HOPS, WORKFLOW
from tests.infra.template import Templates

State = dict[str, Any]


@pytest.fixture(scope="module")
def states(templates: Templates) -> dict[str, State]:
    (machine,) = (
        machine
        for machine in templates.of("AWS::StepFunctions::StateMachine")
        if machine.properties["StateMachineName"] == "mos-test-next-best-action"
    )
    states: dict[str, State] = json.loads(machine.properties["DefinitionString"])["States"]
    return states


def test_every_hop_is_a_function_with_a_log_that_forgets(templates: Templates) -> None:
    functions = {f.properties["FunctionName"]: f for f in templates.of("AWS::Lambda::Function")}
    logs = {
        templates.name(log.stack, {"Ref": log.id}): log.properties
        for log in templates.of("AWS::Logs::LogGroup")
    }

    assert set(functions) == {f"mos-test-{hop.layer}" for hop in HOPS}
    for function in functions.values():
        group = templates.name(function.stack, function.properties["LoggingConfig"]["LogGroup"])
        assert logs[group]["RetentionInDays"] == 30
        assert function.properties["TracingConfig"] == {"Mode": "Active"}
        assert function.properties["Architectures"] == ["arm64"]


def test_a_function_is_told_of_its_tables_and_of_no_others(templates: Templates) -> None:
    for function in templates.of("AWS::Lambda::Function"):
        told = function.properties["Environment"]["Variables"]
        hop = next(hop for hop in HOPS if hop.layer == told["MOS_LAYER"])
        tables = {name.removeprefix("MOS_TABLE_").lower() for name in told if "_TABLE_" in name}
        assert tables == {*hop.owns, *hop.reads, *(name for name, _ in hop.glimpses)}
        assert ("MOS_BUCKET_BUNDLES" in told) == hop.bundles
        assert ("MOS_FUNCTION_ASK" in told) == hop.asks


def test_the_workflow_walks_the_path_in_order(states: dict[str, State]) -> None:
    walked, state = [], "WaitForWindow"
    while state != "Done":
        walked.append(state)
        state = states[state].get("Next") or states[state]["Default"]

    verbs = [hop.verb.capitalize() for hop in WORKFLOW]
    assert walked == [
        "WaitForWindow", *verbs[:3], "NeedsApproval", verbs[3], "Held", *verbs[4:]
    ]  # fmt: skip


def test_a_step_retries_what_passes_and_parks_what_does_not(states: dict[str, State]) -> None:
    for hop in WORKFLOW:
        step = states[hop.verb.capitalize()]
        retried = {name for rule in step["Retry"] for name in rule["ErrorEquals"]}
        assert {"ConflictError", "UnavailableError"} <= retried
        assert not {"MalformedError", "RejectedError", "States.ALL"} & retried
        assert all(rule["JitterStrategy"] == "FULL" for rule in step["Retry"])
        assert "Catch" not in step, "the console's redrive goes on from where it failed"


def test_a_run_that_ends_badly_is_parked_whole(templates: Templates) -> None:
    [rule] = [
        rule.properties
        for rule in templates.of("AWS::Events::Rule")
        if rule.properties.get("EventPattern", {}).get("source") == ["aws.states"]
    ]

    assert rule["EventPattern"]["detail"]["status"] == ["FAILED", "TIMED_OUT", "ABORTED"]
    [target] = rule["Targets"]
    assert "InputPath" not in target
    assert "DeadLetterConfig" in target


def test_a_held_action_waits_and_is_delivered_again(states: dict[str, State]) -> None:
    assert states["Deliver"]["Next"] == "Held"
    assert states["Hold"] == {
        "Type": "Wait", "TimestampPath": "$.held_until", "Next": "Resume",
    }  # fmt: skip
    assert states["Resume"] == {"Type": "Pass", "OutputPath": "$.decided", "Next": "Deliver"}


def test_an_approval_waits_and_leaves_the_decision_as_it_was(states: dict[str, State]) -> None:
    assert states["AwaitApproval"]["TimeoutSeconds"] == 72 * 3600
    assert states["Proceed"]["OutputPath"] == "$.event"
    assert states["Approved"]["Default"] == "Refused"
    assert "Catch" not in states["AwaitApproval"]


def test_a_rule_starts_the_workflow_with_the_event_alone(templates: Templates) -> None:
    (target,) = [
        target
        for rule in templates.of("AWS::Events::Rule")
        for target in rule.properties["Targets"]
        if rule.properties.get("EventPattern", {}).get("detail-type") == ["profile.unified"]
    ]

    assert target["InputPath"] == "$.detail"
    assert target["RetryPolicy"]["MaximumRetryAttempts"] == 185


def test_lifecycle_knows_where_its_timers_go(templates: Templates) -> None:
    (group,) = templates.of("AWS::Scheduler::ScheduleGroup")
    told = next(
        f.properties["Environment"]["Variables"]
        for f in templates.of("AWS::Lambda::Function")
        if f.properties["FunctionName"] == "mos-test-lifecycle"
    )

    assert templates.name(group.stack, told["MOS_TIMERS_GROUP"]).endswith("timers")
    assert templates.name(group.stack, told["MOS_TIMERS_QUEUE"]) == "sqs:signals"
    assert templates.name(group.stack, told["MOS_TIMERS_DEAD"]) == "sqs:undelivered"
    assert "MOS_BUS" in told


def test_the_queue_gives_a_function_time_and_takes_back_single_messages(
    templates: Templates,
) -> None:
    mappings = list(templates.of("AWS::Lambda::EventSourceMapping"))
    queues = {q.properties["QueueName"]: q.properties for q in templates.of("AWS::SQS::Queue")}
    functions = {
        f.properties["FunctionName"]: f.properties for f in templates.of("AWS::Lambda::Function")
    }
    lanes = [queues["mos-test-signals"], queues["mos-test-words"]]

    told = [m.properties["FunctionResponseTypes"] for m in mappings]
    assert told == [["ReportBatchItemFailures"]] * 5
    assert sorted(m.properties["BatchSize"] for m in mappings) == [1, 10, 10, 100, 100]
    patience = 6 * functions["mos-test-data"]["Timeout"]
    assert all(lane["VisibilityTimeout"] >= patience for lane in lanes)
    desk, asked = functions["mos-test-operator"], queues["mos-test-approvals"]
    assert asked["VisibilityTimeout"] >= 6 * desk["Timeout"]
    assert {q["RedrivePolicy"]["maxReceiveCount"] for q in (*lanes, asked)} == {5}
    assert all(q["MessageRetentionPeriod"] == 14 * 86_400 for q in queues.values())
    assert all("KmsMasterKeyId" in queue for queue in queues.values())
