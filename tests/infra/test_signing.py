"""Who signs a policy bundle cannot activate it, and who activates cannot sign."""

from typing import Any

import pytest

from mos.aws.canaries import CANARY
from mos.path import HOPS
from tests.infra.iam import Matrix, matrix, may
from tests.infra.template import Templates

POINTER = "arn:aws:s3:::mos-test-bundles-accountid-region/pointers/active.json"
BUNDLE = "arn:aws:s3:::mos-test-bundles-accountid-region/bundles/x.zip"
ENDS = {"pointers/*", CANARY}
PUBLISHER, ACTIVATOR = "signingPublisher", "signingActivator"


@pytest.fixture(scope="module")
def rights(templates: Templates) -> Matrix:
    return matrix(templates)


def key_of(rights: Matrix, role: str, action: str) -> list[str]:
    return [name for name, actions in rights[role].items() if action in actions]


def test_a3_15_the_publisher_signs_and_stores_but_cannot_move_the_pointer(rights: Matrix) -> None:
    assert key_of(rights, PUBLISHER, "kms:Sign")
    assert may(rights, PUBLISHER, "s3:PutObject", BUNDLE)
    assert not may(rights, PUBLISHER, "s3:PutObject", POINTER)


def test_a3_15_the_activator_moves_the_pointer_but_can_neither_sign_nor_store(
    rights: Matrix,
) -> None:
    assert may(rights, ACTIVATOR, "s3:PutObject", POINTER)
    assert not may(rights, ACTIVATOR, "s3:PutObject", BUNDLE)
    assert not key_of(rights, ACTIVATOR, "kms:Sign")


@pytest.mark.parametrize("layer", [hop.layer for hop in HOPS])
def test_a_function_verifies_what_it_reads_and_signs_and_activates_nothing(
    rights: Matrix, layer: str
) -> None:
    reads = {hop.layer for hop in HOPS if hop.bundles}

    assert bool(key_of(rights, layer, "kms:Verify")) is (layer in reads)
    assert not key_of(rights, layer, "kms:Sign")
    assert not may(rights, layer, "s3:PutObject", POINTER)


def test_nobody_but_the_activator_moves_the_pointer_whatever_else_they_may(
    templates: Templates,
) -> None:
    denied = [
        statement
        for policy in templates.of("AWS::S3::BucketPolicy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny" and "ArnNotEquals" in statement.get("Condition", {})
    ]

    assert {a for s in denied for a in _listed(s["Action"])} == {
        "s3:PutObject",
        "s3:DeleteObject",
    }
    assert all({_end(r) for r in _listed(s["Resource"])} >= ENDS for s in denied)


def test_nobody_brings_an_older_pointer_back_by_deleting_the_newer_version(
    templates: Templates,
) -> None:
    (denied,) = [
        statement
        for policy in templates.of("AWS::S3::BucketPolicy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if "s3:DeleteObjectVersion" in _listed(statement["Action"])
    ]

    assert denied["Effect"] == "Deny"
    assert denied["Principal"] == {"AWS": "*"}
    assert not denied.get("Condition")
    assert {_end(r) for r in _listed(denied["Resource"])} == ENDS


def test_who_watches_the_canary_can_end_it_and_can_start_none(rights: Matrix) -> None:
    bucket = POINTER.partition("/")[0]

    assert may(rights, "learning", "s3:PutObject", f"{bucket}/canaries/ended/end_1.json")
    assert may(rights, "learning", "s3:PutObject", f"{bucket}/canaries/findings.json")
    assert not may(rights, "learning", "s3:PutObject", f"{bucket}/{CANARY}")
    assert may(rights, ACTIVATOR, "s3:PutObject", f"{bucket}/{CANARY}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _end(resource: Any) -> str:
    """Return the key part of an object's ARN in a template."""
    return str(resource["Fn::Join"][1][-1]).lstrip("/")
