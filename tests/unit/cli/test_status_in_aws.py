"""`mos status` of a stage in AWS says what its stacks say, and whose secrets are stored."""

from collections.abc import Iterator
from typing import Any

import pytest

from mos.deployment.deployment import Deployment, NotDeployedError
from mos.deployment.stage import read_stage


class Account:
    """An account that answers `describe_stacks` and `describe_parameters`, a page at a time."""

    region_name = "eu-central-1"

    def __init__(self, stacks: dict[str, tuple[str, dict[str, str]]], secrets: list[str]) -> None:
        self.stacks, self.secrets = stacks, secrets

    def client(self, service: str, **_settings: Any) -> "Account":
        assert service in {"cloudformation", "ssm"}
        return self

    def get_paginator(self, call: str) -> "Account":
        self.paginate = {"describe_stacks": self._stacks, "describe_parameters": self._names}[call]
        return self

    def _stacks(self) -> Iterator[dict[str, Any]]:
        for name, (status, outputs) in self.stacks.items():
            told = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
            yield {"Stacks": [{"StackName": name, "StackStatus": status, "Outputs": told}]}

    def _names(self, *, ParameterFilters: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:  # noqa: N803  AWS's own
        (asked,) = ParameterFilters
        (root,) = asked["Values"]
        assert (asked["Key"], asked["Option"]) == ("Name", "BeginsWith")
        yield {"Parameters": [{"Name": name} for name in self.secrets if name.startswith(root)]}


def test_a_stage_in_aws_is_told_by_its_own_stacks_and_secrets() -> None:
    stacks = {
        "mos-mine-edge": ("CREATE_COMPLETE", {"WebhookUrl": "https://hooks.example.com"}),
        "mos-mine-agent": ("UPDATE_ROLLBACK_FAILED", {"McpUrl": "https://mcp.example.com/mcp"}),
        "mos-mine2-edge": ("CREATE_COMPLETE", {"WebhookUrl": "https://other.example.com"}),
    }
    account = Account(stacks, ["/mos/mine/webhook/segment", "/mos/mine2/webhook/meta"])

    found = read_stage(Deployment("mine", account))

    assert found["webhook_url"] == "https://hooks.example.com"
    assert found["mcp_url"] == "https://mcp.example.com/mcp"
    assert found["stacks"] == ["mos-mine-agent (UPDATE_ROLLBACK_FAILED)", "mos-mine-edge"]
    assert found["secrets"] == {"webhook/segment": None}


def test_a_stage_that_is_not_here_says_where_it_was_looked_for() -> None:
    with pytest.raises(NotDeployedError) as caught:
        read_stage(Deployment("mine", Account({}, [])))

    assert "eu-central-1" in str(caught.value)
    assert "AWS_REGION" in str(caught.value)
