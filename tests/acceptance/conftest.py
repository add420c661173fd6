"""Three grounds for the rows: tables in memory, moto, and the local engine's DynamoDB."""

from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from lab.engine.engine import Engine
from mos.aws.clients import client
from mos.path import TABLES
from mos.policy.bundle.bundle import Bundle
from tests.acceptance import theatre
from tests.dynamo import new_table
from tests.system_in_process import System

ENV = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
}
integration = pytest.mark.integration


@pytest.fixture(scope="module")
def moto() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setattr(boto3, "DEFAULT_SESSION", None)  # It remembers whose keys it saw first.
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name, value in ENV.items():
            patch.setenv(name, value)
        client.cache_clear()
        yield
        client.cache_clear()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder: Path = tmp_path_factory.mktemp("engine")
    made = Engine(folder, auth=False, keep=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        for name, value in made.start().environment().items():
            patch.setenv(name, value)
        client.cache_clear()
        yield
        client.cache_clear()
        made.stop()


@pytest.fixture(
    params=[
        "memory",
        pytest.param("moto", marks=integration),
        pytest.param("engine", marks=integration),
    ]
)
def ground(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the theatre's tables on each ground in turn."""
    if request.param != "memory":
        request.getfixturevalue(request.param)
        monkeypatch.setattr(theatre, "table", new_table)


Start = Callable[..., System]


@pytest.fixture(
    params=[
        "memory",
        pytest.param("moto", marks=integration),
        pytest.param("engine", marks=integration),
    ]
)
def start(request: pytest.FixtureRequest) -> Start:
    """Return what makes a system on this ground, with the starter bundle or another."""
    if request.param == "memory":
        return System
    request.getfixturevalue(request.param)

    def system(bundle: Bundle | None = None) -> System:
        return System(bundle, tables={name: new_table(name) for name in TABLES})

    return system
