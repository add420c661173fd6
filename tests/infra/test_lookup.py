"""Look-ups run off the path, by a function that may ask, send in what was answered, and no more."""

import pytest

from tests.infra.iam import Matrix, matrix, may
from tests.infra.template import Templates


@pytest.fixture(scope="module")
def rights(templates: Templates) -> Matrix:
    return matrix(templates)


def test_who_asks_other_systems_touches_no_table_and_no_decision(rights: Matrix) -> None:
    touched = {name.partition(":")[0] for name in rights["lookup"]}
    secrets = "arn:aws:ssm:region:accountid:parameter/mos/test"

    assert touched == {"*", "arn", "kms", "logs", "sqs"}
    assert may(rights, "lookup", "ssm:GetParameter", f"{secrets}/lookup/hubspot")
    assert not may(rights, "lookup", "ssm:GetParameter", f"{secrets}/action/hubspot")
    assert not may(rights, "lookup", "sqs:SendMessage", "sqs:signals")
    assert may(rights, "lookup", "sqs:SendMessage", "sqs:answers")


def test_only_who_asks_reads_mails_in_the_buckets_that_a_stage_names(rights: Matrix) -> None:
    mail = "arn:aws:s3:::acme-replies/in/abc"
    readers = {role for role in rights if may(rights, role, "s3:GetObject", mail)}

    assert readers == {"lookup"}
    assert not may(rights, "lookup", "s3:PutObject", mail)
    assert not may(rights, "lookup", "s3:GetObject", "arn:aws:s3:::acme-other/in/abc")


def test_only_who_asks_may_send_answers_to_the_doors(rights: Matrix) -> None:
    senders = {role for role in rights if may(rights, role, "sqs:SendMessage", "sqs:answers")}

    assert senders == {"lookup"}


def test_a_question_waits_in_a_queue_and_at_most_two_are_asked_at_once(
    templates: Templates,
) -> None:
    (rule,) = [
        rule.properties
        for rule in templates.of("AWS::Events::Rule")
        if rule.properties.get("EventPattern", {}).get("detail-type") == ["read.needed"]
    ]
    (mapping,) = [
        mapping.properties
        for mapping in templates.of("AWS::Lambda::EventSourceMapping")
        if "ScalingConfig" in mapping.properties
    ]
    queues = {q.properties["QueueName"]: q.properties for q in templates.of("AWS::SQS::Queue")}

    assert rule["Targets"][0]["InputPath"] == "$.detail"
    assert "DeadLetterConfig" in rule["Targets"][0]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}
    for name in ("lookups", "answers"):
        assert queues[f"mos-test-{name}"]["RedrivePolicy"]["maxReceiveCount"] == 5
