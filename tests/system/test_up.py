"""`mos up` and `mos down` on the real engine: what was activated outlives a restart."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lab.local import policy, system
from mos.aws.bucket import S3Bucket
from mos.aws.bundles import BundleStore
from mos.deployment.local import connect, read_status
from tests.builders import starter, without_holdout

pytestmark = pytest.mark.system
# The package's own name is the command, not its module.
status = importlib.import_module("cli.commands.status")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    system.down(folder=tmp_path)


def up(folder: Path) -> tuple[str, str]:
    told = system.up(with_cdk=False, folder=folder, say=lambda _line: None)
    return told["bundle"], told["policy"]


def test_an_activation_outlives_a_restart_and_status_shows_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert up(folder) == (starter().digest, "")
    where = connect(folder)
    monkeypatch.setattr(status, "deployment", lambda: connect(folder))
    monkeypatch.setattr(status, "read_status", lambda _folder: read_status(folder))
    store = BundleStore(S3Bucket(where.bucket("bundles"), where.client("s3")))
    policy.replace(store, without_holdout())
    assert _shown() == without_holdout().digest

    system.down(folder=folder)
    active, note = up(folder)

    assert active == _shown() == without_holdout().digest
    assert starter().digest in note


def _shown() -> str:
    told = CliRunner().invoke(status.app, ["--json"])
    return str(json.loads(told.stdout)["bundle"])
