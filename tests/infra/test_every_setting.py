"""Everything that a deployment can be told, told at once, and what it comes to."""

from collections import Counter
from typing import Any

import pytest

from infra.settings import LANES, Settings
from tests.infra.conftest import synthesise
from tests.infra.template import Resource, Templates

CERTIFICATE = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b"
EVERY: dict[str, Any] = {
    "stage": "test", "region": "eu-central-1", "target": "lambda", "workflow": "express",
    "coalesce_seconds": 60, "batch_seconds": 3, "approval_hours": 24, "keep_data": False,
    "log_days": 90, "raw_days": 100, "archive_days": 30, "rehearsal_days": 7,
    "log_level": "WARNING", "requests_per_second": 50,
    "reserved_concurrency": {"data": 20, "llm": 5, "webhook": 10, "lookup": 0, "operator": 6},
    "account_concurrency": 400, "alarm_email": "oncall@example.com", "monthly_budget_usd": 900.0,
    "tags": {"cost-centre": "4711"}, "permissions_boundary": "arn:aws:iam::111122223333:policy/b",
    "dry_run": True, "mail_from": "hello@example.com", "mail_identity": "example.com",
    "mail_configuration_set": "ours", "mail_tracking": False, "bedrock_models": ("amazon.nova",),
    "reply_buckets": ("inbound-mail",),
    "bedrock_profiles": {"eu.anthropic.claude": ("eu-central-1", "eu-west-1")},
    "event_buses": ("aws.partner/salesforce.com/00D5g000004XXXXEAA/0YL5g000000XXXXGAA",),
    "public_url": "https://hooks.example.com", "pages_url": "https://mail.example.com",
    "mcp_url": "https://mcp.example.com/mcp", "mcp_origins": ("https://console.example.com",),
    "public_certificate": CERTIFICATE, "mcp_certificate": CERTIFICATE,
    "jwt_issuer": "https://login.example.com/", "jwt_audience": ("marketing-os",),
    "jwt_keys_url": "https://login.example.com/keys", "provider_urls": {},
    "own_urls": {"receiver": "https://app.example.com", "smtp": "smtp://mail.example.com:587"},
    "carriers": {"email": "smtp"},
    "sms_resources": ("pool/pool-0a1b", "protect-configuration/protect-0a1b"),
}  # fmt: skip


@pytest.fixture(scope="session")
def every(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    assert set(EVERY) == set(Settings.model_fields)
    return synthesise(tmp_path_factory.mktemp("every"), Settings(**EVERY))


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
        every.name(one.stack, one.properties["FunctionName"]).rpartition(":")[2]
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
    for alarm in every.of("AWS::CloudWatch::Alarm"):
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
