"""Everything that a deployment can be told, told at once, and what it comes to."""

from collections import Counter
from typing import Any

from infra.settings import LANES
from tests.infra.conftest import EVERY
from tests.infra.template import Resource, Templates, waking


def lanes(templates: Templates) -> dict[str, dict[str, Any]]:
    """Return each event source mapping by the queue that it reads."""
    found = {}
    for one in templates.of("AWS::Lambda::EventSourceMapping"):
        name = templates.name(one.stack, one.properties["EventSourceArn"]).rpartition(":")[2]
        found[name] = one.properties
    return found


def test_no_queue_is_read_faster_than_its_function_may_run(every: Templates) -> None:
    bounds = {name: lane["ScalingConfig"]["MaximumConcurrency"] for name, lane in
              lanes(every).items()}  # fmt: skip

    assert bounds == {"signals": 18, "words": 2, "answers": 2, "lookups": 2, "approvals": 2}


def test_the_settings_know_how_many_queues_each_layer_reads(every: Templates) -> None:
    readers = [
        every.name(one.stack, one.properties["FunctionName"]).split(":")[1]
        for one in every.of("AWS::Lambda::EventSourceMapping")
    ]

    assert Counter(readers) == Counter(dict(LANES))


def test_a_function_that_may_not_run_reads_nothing(every: Templates) -> None:
    assert {name for name, lane in lanes(every).items() if not lane["Enabled"]} == {"lookups"}


def test_the_account_is_told_before_its_month_is_over_budget(every: Templates) -> None:
    (budget,) = every.of("AWS::Budgets::Budget")

    said = budget.properties
    assert said["Budget"]["BudgetLimit"] == {"Amount": 900, "Unit": "USD"}
    assert {
        n["Notification"]["NotificationType"] for n in said["NotificationsWithSubscribers"]
    } == {
        "ACTUAL",
        "FORECASTED",
    }


def test_a_door_at_a_domain_of_its_own_has_no_other(every: Templates) -> None:
    domains = {d.properties["DomainName"] for d in every.of("AWS::ApiGatewayV2::DomainName")}
    apis = list(every.of("AWS::ApiGatewayV2::Api"))
    (agent,) = [f for f in every.of("AWS::Lambda::Function") if "MOS_MCP_HOSTS" in _told(f)]

    assert domains == {"hooks.example.com", "mcp.example.com"}
    assert len(list(every.of("AWS::ApiGatewayV2::ApiMapping"))) == len(apis) == 2
    assert all(api.properties["DisableExecuteApiEndpoint"] for api in apis)
    assert _told(agent)["MOS_MCP_HOSTS"] == "mcp.example.com"


def test_every_role_keeps_to_the_boundary_and_everything_bears_the_tags(every: Templates) -> None:
    roles = every.of("AWS::IAM::Role")

    assert {r.properties["PermissionsBoundary"] for r in roles} == {EVERY["permissions_boundary"]}
    for kind in ("AWS::Lambda::Function", "AWS::DynamoDB::Table", "AWS::S3::Bucket"):
        assert all(_tags(one)["cost-centre"] == "4711" for one in every.of(kind) if _is_ours(one))


def test_the_alarms_reach_the_mailbox_when_they_begin_and_when_they_end(every: Templates) -> None:
    (mailbox,) = every.of("AWS::SNS::Subscription")

    assert mailbox.properties["Endpoint"] == "oncall@example.com"
    for alarm in waking(every):
        assert alarm.properties["AlarmActions"] == alarm.properties["OKActions"], alarm.id


def test_two_stages_and_two_regions_of_an_account_are_apart(every: Templates) -> None:
    spaces = {
        metric["Namespace"]
        for alarm in every.of("AWS::CloudWatch::Alarm")
        for metric in _metrics(alarm)
        if not metric["Namespace"].startswith("AWS/")
    }
    told = {
        f.properties["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"]
        for f in every.of("AWS::Lambda::Function")
        if "POWERTOOLS_METRICS_NAMESPACE"
        in f.properties.get("Environment", {}).get("Variables", {})
    }
    names = {r.properties["RoleName"] for r in every.of("AWS::IAM::Role")
             if "RoleName" in r.properties}  # fmt: skip

    assert spaces == told == {"mos/test"}
    assert names == {
        "mos-test-policy-publisher-eu-central-1",
        "mos-test-policy-activator-eu-central-1",
    }


def _told(function: Resource) -> dict[str, Any]:
    found: dict[str, Any] = function.properties.get("Environment", {}).get("Variables", {})
    return found


def _is_ours(resource: Resource) -> bool:
    """Say whether it is no helper of the CDK's own."""
    return not resource.id.startswith("Custom")


def _tags(resource: Resource) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in resource.properties["Tags"]}


def _metrics(alarm: Resource) -> list[dict[str, Any]]:
    said = alarm.properties
    if "Namespace" in said:
        return [said]
    return [m["MetricStat"]["Metric"] for m in said["Metrics"] if "MetricStat" in m]
