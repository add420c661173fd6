"""The same promises, kept by the local engine's DynamoDB."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.engine.engine import Engine
from mos.aws.clients import client
from mos.ports import Table
from tests.contract.table.test_table import *  # noqa: F403  the promises themselves
from tests.dynamo import new_table

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder: Path = tmp_path_factory.mktemp("engine")
    made = Engine(folder, auth=False, keep=False)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in made.start().environment().items():
            patch.setenv(name, value)
        client.cache_clear()
        yield
        client.cache_clear()
        made.stop()


@pytest.fixture
def table(engine: None) -> Table:
    return new_table()
