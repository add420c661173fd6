"""One synthesis for every test of the infrastructure: it takes seconds."""

import json
from pathlib import Path

import pytest

from infra.assemble.bundle import Bundle
from infra.settings import Settings
from mos.path import HOPS
from tests.infra.template import Templates

ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/infra" in str(item.path):
            item.add_marker(pytest.mark.infra)


def synthesise(folder: Path, settings: Settings) -> Templates:
    from aws_cdk import App  # noqa: PLC0415  seconds to import: paid only by these tests

    from infra.app import build, check  # noqa: PLC0415  the same

    bundles = {}
    for hop in HOPS:
        code = folder / "functions" / hop.layer
        code.mkdir(parents=True)
        (code / "handler.py").write_text("def handler(event, context): ...\n")
        bundles[hop.layer] = Bundle(hop.layer, code, None, 1, built=True)
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = App(outdir=str(folder / "out"), context=flags)
    build(app, settings, bundles)
    check(app)
    app.synth()
    return Templates.read(folder / "out")


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    settings = Settings(
        stage="test",
        mail_from="hello@example.com",
        mail_identity="example.com",
        reserved_concurrency={"llm": 5},
        event_buses=("aws.partner/salesforce.com/00D5g000004XXXXEAA/0YL5g000000XXXXGAA",),
        reply_buckets=("acme-replies",),
    )
    return synthesise(tmp_path_factory.mktemp("synth"), settings)
