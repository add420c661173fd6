"""The fake signer and KMS keep the same promise."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from mos.aws.signer import KmsSigner, Signer
from mos.memory.signer import FakeSigner


@pytest.fixture(params=["fake", pytest.param("kms", marks=pytest.mark.integration)])
def signer(request: pytest.FixtureRequest) -> Iterator[Signer]:
    if request.param == "fake":
        yield FakeSigner("secret")
        return
    with mock_aws():
        kms = boto3.client("kms", region_name="eu-central-1", aws_access_key_id="x",
                           aws_secret_access_key="x")  # fmt: skip
        key = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")
        yield KmsSigner(key["KeyMetadata"]["KeyId"], kms)


def test_what_was_signed_is_genuine_and_nothing_else_is(signer: Signer) -> None:
    signature = signer.sign("digest")

    assert signer.is_genuine("digest", signature)
    assert not signer.is_genuine("another", signature)
