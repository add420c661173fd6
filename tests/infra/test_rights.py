"""Least privilege: the golden matrix, and the claims that must hold whatever it says."""

import json
import os
from pathlib import Path

import pytest

from mos.path import HOPS, TABLES
from tests.infra.iam import Matrix, matrix, may
from tests.infra.template import Templates

GOLDEN = Path(__file__).parent / "iam_matrix.json"
_READ = {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}
_WRITE = {"dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}
_NO_RESOURCE_LEVEL = {
    "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
}  # fmt: skip


@pytest.fixture(scope="module")
def rights(templates: Templates) -> Matrix:
    return matrix(templates)


def test_the_rights_are_the_reviewed_ones(rights: Matrix) -> None:
    """After a wanted change: `MOS_WRITE_GOLDEN=1 pytest tests/infra`, and read the diff."""
    if os.environ.get("MOS_WRITE_GOLDEN"):
        GOLDEN.write_text(json.dumps(rights, indent=1) + "\n")

    assert rights == json.loads(GOLDEN.read_text())


def test_a_table_has_one_writer_and_only_the_named_readers(rights: Matrix) -> None:
    for table in TABLES:
        for hop in HOPS:
            held = set(rights[hop.layer].get(f"dynamodb:{table}", ()))
            expected = set[str]()
            if table in hop.owns:
                expected = _READ | _WRITE
            elif table in hop.reads:
                expected = _READ
            if table in hop.pages:
                expected = expected | {"dynamodb:Scan"}
            if table in hop.erases:
                expected = expected | {"dynamodb:DeleteItem"}
            assert held == expected, (hop.layer, table)


def test_no_role_but_the_layers_touches_a_table_save_to_export_the_ledger(rights: Matrix) -> None:
    others = set(rights) - {hop.layer for hop in HOPS}

    assert {
        (role, name, action)
        for role in others
        for name, actions in rights[role].items()
        for action in actions
        if action.startswith("dynamodb:")
    } == {
        ("rehearsal", "dynamodb:decisions", "dynamodb:ExportTableToPointInTime"),
        (
            "rehearsal",
            "arn:aws:dynamodb:region:accountid:table/mos-test-decisions/export/*",
            "dynamodb:DescribeExport",
        ),
    }


def test_a_rehearsal_may_start_itself_alone_and_write_nothing_but_the_archive(
    rights: Matrix,
) -> None:
    machine = "arn:aws:states:region:accountid:stateMachine:mos-test-rehearsal"
    started = {on for role, on in holders(rights, "states:StartExecution") if role == "rehearsal"}
    written = {
        name
        for role in ("rehearsal", "simulation")
        for name, actions in rights[role].items()
        if {"s3:PutObject", "dynamodb:PutItem", "events:PutEvents", "sqs:SendMessage"}
        & set(actions)
    }

    assert started == {machine}
    assert not any(role == "simulation" for role, _ in holders(rights, "states:StartExecution"))
    assert written == {
        f"arn:aws:s3:::mos-test-archive-accountid-region/{place}/*"
        for place in ("exports", "rehearsals")
    }


def test_nobody_administers_and_only_the_named_erase_or_read_from_end_to_end(
    rights: Matrix,
) -> None:
    actions = {a for held in rights.values() for listed in held.values() for a in listed}
    administers = {a for a in actions if a.startswith(("iam:", "sts:"))}

    assert not {a for a in actions if "*" in a}
    assert administers == {"iam:PassRole"}
    assert holders(rights, "dynamodb:DeleteItem") == {
        ("data", "dynamodb:identity"), ("data", "dynamodb:signals"),
        ("lifecycle", "dynamodb:lifecycle"), ("decisioning", "dynamodb:decisions"),
        ("action", "dynamodb:actions"), ("learning", "dynamodb:lessons"),
        ("llm", "dynamodb:completions"),
    }  # fmt: skip
    assert holders(rights, "dynamodb:Scan") == {
        ("operator", "dynamodb:identity"), ("operator", "dynamodb:signals"),
    }  # fmt: skip


def holders(rights: Matrix, action: str) -> set[tuple[str, str]]:
    return {
        (role, resource)
        for role, held in rights.items()
        for resource, listed in held.items()
        if action in listed
    }


def test_only_two_layers_start_timers_and_only_with_the_role_that_sends_signals(
    rights: Matrix,
) -> None:
    starts = {
        (role, resource)
        for role, held in rights.items()
        for resource, listed in held.items()
        if {"iam:PassRole", "scheduler:CreateSchedule"} & set(listed)
    }

    assert starts == {
        (layer, resource)
        for layer in ("lifecycle", "decisioning")
        for resource in (
            "iam:TimersRoleA0D8F45A if iam:PassedToService=scheduler.amazonaws.com",
            "arn:aws:scheduler:region:accountid:schedule/mos-test-timers/*",
        )
    }
    assert set(rights["Timers"]) == {
        "sqs:signals",
        "sqs:undelivered",
        "kms:dataKey49D9B62C if kms:ViaService=sqs.region.amazonaws.com",
    }


def test_every_resource_is_named_where_aws_lets_one_be_named(rights: Matrix) -> None:
    for role, held in rights.items():
        free = {action for action in held.get("*", ()) if not action.startswith("logs:")}
        assert free <= _NO_RESOURCE_LEVEL, role
    functions = {hop.layer for hop in HOPS}
    assert not [r for r in functions for a in rights[r].get("*", ()) if a.startswith("logs:")]


@pytest.mark.parametrize("layer", [hop.layer for hop in HOPS])
def test_only_the_action_layer_sends_mail(rights: Matrix, layer: str) -> None:
    identity = "arn:aws:ses:region:accountid:identity/example.com"

    assert may(rights, layer, "ses:SendEmail", identity) == (layer == "action")


@pytest.mark.parametrize("layer", [hop.layer for hop in HOPS])
def test_a_layer_reads_only_its_own_secrets(rights: Matrix, layer: str) -> None:
    holders = {"webhook", "action", "llm", "agent"}

    for other in holders:
        secret = f"arn:aws:ssm:region:accountid:parameter/mos/test/{other}/x"
        assert may(rights, layer, "ssm:GetParameter", secret) == (layer == other)


def test_agents_start_nothing_new_and_publish_nothing_and_ask_only_the_simulation(
    rights: Matrix,
) -> None:
    for door in ("agent", "operator"):
        actions = {action for listed in rights[door].values() for action in listed}
        asked = {on for on, listed in rights[door].items() if "lambda:InvokeFunction" in listed}
        may_start = {on for on, listed in rights[door].items() if "states:StartExecution" in listed}
        assert "events:PutEvents" not in actions
        # An operator starts a parked run again; nobody from the internet starts any.
        assert may_start == ({"stepfunctions:next-best-action"} if door == "operator" else set())
        assert asked == {"lambda:simulation:live"}


_FOR_OPERATORS = (
    ("sqs:ReceiveMessage", "sqs:approvals"), ("sqs:DeleteMessage", "sqs:approvals"),
    ("states:SendTaskSuccess", "stepfunctions:next-best-action"),
    ("states:StartExecution", "stepfunctions:next-best-action"),
    ("sqs:ReceiveMessage", "sqs:parked"), ("sqs:DeleteMessage", "sqs:parked"),
    ("sqs:SendMessage", "sqs:signals"),
    ("dynamodb:Scan", "dynamodb:identity"), ("dynamodb:Scan", "dynamodb:signals"),
    ("dynamodb:PutItem", "dynamodb:operators"),
)  # fmt: skip


@pytest.mark.parametrize(("action", "resource"), _FOR_OPERATORS)
def test_what_is_for_operators_is_beyond_the_internets_door(
    rights: Matrix, action: str, resource: str
) -> None:
    assert may(rights, "operator", action, resource)
    assert not may(rights, "agent", action, resource)


def test_the_internets_door_reads_no_more_than_the_operators_and_writes_its_own_audit(
    rights: Matrix,
) -> None:
    ours = ("dynamodb:agents", "logs:/mos/test/agent", "ssm:")
    beyond = {
        (action, resource)
        for resource, actions in rights["agent"].items()
        for action in actions
        if not may(rights, "operator", action, resource.partition(" if ")[0])
    }

    assert may(rights, "agent", "dynamodb:PutItem", "dynamodb:agents")
    assert not may(rights, "operator", "dynamodb:PutItem", "dynamodb:agents")
    assert not may(rights, "operator", "ssm:GetParameter", "arn:aws:ssm:region:accountid:x")
    assert all(
        resource.startswith(ours) or ":parameter/mos/test/agent/" in resource
        or "secretsKey" in resource
        for _, resource in beyond
    )  # fmt: skip


def test_of_the_operators_table_an_agent_reads_what_was_said_of_proposals_alone(
    rights: Matrix,
) -> None:
    held = {on: a for on, a in rights["agent"].items() if on.startswith("dynamodb:operators")}

    assert held == {
        "dynamodb:operators if dynamodb:LeadingKeys=PROPOSAL#*": [
            "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query",
        ]
    }  # fmt: skip


def test_of_the_deliveries_the_door_to_the_world_reads_the_pages_of_mails_alone(
    rights: Matrix,
) -> None:
    held = {on: a for on, a in rights["webhook"].items() if on.startswith("dynamodb:")}

    assert held == {
        "dynamodb:actions if dynamodb:LeadingKeys=PAGE#*": [
            "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query",
        ]
    }  # fmt: skip


def test_a_grant_too_many_is_noticed(templates: Templates) -> None:
    stacks = json.loads(json.dumps(templates.stacks))
    policy = next(
        body
        for name, body in stacks["mos-test-spine"]["Resources"].items()
        if name.startswith("decisioningRoleDefaultPolicy")
    )
    policy["Properties"]["PolicyDocument"]["Statement"].append(
        {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
    )

    changed = matrix(Templates(stacks))

    assert may(changed, "decisioning", "ses:SendEmail", "arn:aws:ses:x")
    assert changed != json.loads(GOLDEN.read_text())
