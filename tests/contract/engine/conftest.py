"""One engine for all probes of ministack, with IAM enforcement on."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.engine.engine import Engine, Running
from lab.engine.finish import client

CODE = Path(__file__).parent / "probe.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/contract/engine" in str(item.path):
            item.add_marker(pytest.mark.integration)


class Probe:
    """Makes what a probe needs, and hands out clients."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self._clients: dict[str, Any] = {}

    def __getattr__(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = client(self.running, service)
        return self._clients[service]

    @property
    def functions(self) -> Any:
        """Return the client of Lambda, whose name Python keeps for itself."""
        return self.__getattr__("lambda")

    def role(self, name: str, *statements: dict[str, Any]) -> str:
        """Make a role with the statements, and return its ARN."""
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole",
                 "Principal": {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]}}
            ],
        }  # fmt: skip
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        if statements:
            policy = {"Version": "2012-10-17", "Statement": list(statements)}
            self.iam.put_role_policy(
                RoleName=name, PolicyName="may", PolicyDocument=json.dumps(policy)
            )
        return str(made["Role"]["Arn"])

    def function(self, name: str, role: str, handler: str, **settings: str) -> str:
        """Make a function of `probe.py`, and return its ARN."""
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w") as archive:
            archive.writestr("probe.py", CODE.read_text())
        made = self.functions.create_function(
            FunctionName=name, Role=role, Handler=f"probe.{handler}", Runtime="python3.11",
            Code={"ZipFile": body.getvalue()}, Timeout=120, Environment={"Variables": settings},
        )  # fmt: skip
        return str(made["FunctionArn"])

    def call(self, name: str, payload: dict[str, Any]) -> tuple[bool, Any]:
        """Return whether the function failed, and what it said."""
        reply = self.functions.invoke(FunctionName=name, Payload=json.dumps(payload).encode())
        return "FunctionError" in reply, json.loads(reply["Payload"].read())

    def queue(self, name: str, **attributes: str) -> tuple[str, str]:
        """Make a queue, and return its URL and ARN."""
        url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        held = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, held["Attributes"]["QueueArn"]


@pytest.fixture(scope="session")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probe]:
    engine = Engine(tmp_path_factory.mktemp("engine"))
    running = engine.start()
    try:
        yield Probe(running)
    finally:
        engine.stop()
