"""Who signs a policy bundle cannot activate it, and who activates cannot sign."""

import pytest

from mos.path import HOPS
from tests.infra.iam import Matrix, matrix, may
from tests.infra.template import Templates

POINTER = "arn:aws:s3:::mos-test-bundles-accountid-region/pointers/active.json"
BUNDLE = "arn:aws:s3:::mos-test-bundles-accountid-region/bundles/x.zip"
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

    assert len(denied) == 1
    assert set(denied[0]["Action"]) == {"s3:PutObject", "s3:DeleteObject"}
