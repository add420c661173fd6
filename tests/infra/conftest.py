"""One synthesis for every test of the infrastructure: it takes seconds."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.assemble.bundle import Bundle
from infra.settings import Settings
from mos.path import HOPS
from tests.infra.template import Templates

ROOT = Path(__file__).parents[2]
CERTIFICATE = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b"
EVERY: dict[str, Any] = {
    "stage": "test", "region": "eu-central-1", "target": "lambda", "architecture": "x86_64",
    "workflow": "express", "coalesce_seconds": 60, "batch_seconds": 3, "approval_hours": 24,
    "keep_data": False, "log_days": 90, "raw_days": 100, "archive_days": 30, "rehearsal_days": 7,
    "log_level": "WARNING", "requests_per_second": 50,
    "reserved_concurrency": {"data": 20, "llm": 5, "webhook": 10, "lookup": 0, "operator": 6},
    "account_concurrency": 400, "shift_minutes": 10,
    "alarm_email": "oncall@example.com", "monthly_budget_usd": 900.0,
    "tags": {"cost-centre": "4711"}, "permissions_boundary": "arn:aws:iam::111122223333:policy/b",
    "dry_run": True, "mail_from": "hello@example.com", "mail_identity": "example.com",
    "mail_configuration_set": "ours", "mail_tracking": False, "bedrock_models": ("amazon.nova",),
    "reply_buckets": ("inbound-mail",),
    "bedrock_profiles": {"eu.anthropic.claude": ("eu-central-1", "eu-west-1")},
    "event_buses": ("aws.partner/salesforce.com/00D5g000004XXXXEAA/0YL5g000000XXXXGAA",),
    "public_url": "https://hooks.example.com", "pages_url": "https://mail.example.com",
    "mcp_url": "https://mcp.example.com/mcp", "mcp_origins": ("https://console.example.com",),
    "public_certificate": CERTIFICATE, "mcp_certificate": CERTIFICATE,
    "jwt_issuer": "https://login.example.com/", "jwt_audience": ("marketing-os",),
    "jwt_keys_url": "https://login.example.com/keys", "provider_urls": {},
    "own_urls": {"receiver": "https://app.example.com", "smtp": "smtp://mail.example.com:587"},
    "carriers": {"email": "smtp"},
    "sms_resources": ("pool/pool-0a1b", "protect-configuration/protect-0a1b"),
}  # fmt: skip


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


@pytest.fixture(scope="session")
def every(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    assert set(EVERY) == set(Settings.model_fields)
    return synthesise(tmp_path_factory.mktemp("every"), Settings(**EVERY))
