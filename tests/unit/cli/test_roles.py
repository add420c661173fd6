"""In AWS a bundle is published by one role and activated by another; here there are none."""

import json

import boto3
import pytest
from moto import mock_aws

from mos.deployment.deployment import Deployment
from mos.deployment.storage import ACTIVATOR, PUBLISHER

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def session() -> boto3.Session:
    return boto3.Session(
        aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-central-1"
    )


@pytest.mark.integration
def test_each_step_is_taken_as_its_own_role() -> None:
    with mock_aws():
        iam = session().client("iam")
        for role in (PUBLISHER, ACTIVATOR):
            iam.create_role(
                RoleName=f"mos-mine-{role}-eu-central-1", AssumeRolePolicyDocument=TRUST
            )
        where = Deployment("mine", session(), None)

        callers = [
            where.acting_as(role).client("sts").get_caller_identity()["Arn"]
            for role in (PUBLISHER, ACTIVATOR)
        ]

    assert [arn.split("/")[1] for arn in callers] == [
        "mos-mine-policy-publisher-eu-central-1", "mos-mine-policy-activator-eu-central-1",
    ]  # fmt: skip


def test_the_local_stage_has_no_roles() -> None:
    where = Deployment("local", session(), "http://127.0.0.1:1")

    assert where.acting_as(ACTIVATOR) is where
