"""`mos policy activate` refuses a changed prompt until its evaluation is signed."""

import importlib
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from mos.aws.bundles import BundleStore
from mos.aws.prompt_reports import PromptReportStore
from mos.aws.reports import ReportStore
from mos.deployment import storage
from mos.memory.bucket import FakeBucket
from mos.model.prompt_report import Paired, PromptReport, Verdict
from mos.model.report import ImpactReport
from mos.policy.golden_cases import digest_cases, read_fingerprint
from tests.builders import starter
from tests.commands import mos, told, written
from tests.evaluating import reworded

publish = importlib.import_module("cli.commands.policy.publish")
ROLE = "infer_role"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> FakeBucket:
    made = FakeBucket()
    monkeypatch.setattr(publish, "deployment", lambda: SimpleNamespace(stage="local"))
    monkeypatch.setattr(storage, "open_bundles", lambda *_: BundleStore(made))
    monkeypatch.setattr(storage, "open_reports", lambda *_: ReportStore(made))
    monkeypatch.setattr(storage, "open_prompt_reports", lambda *_: PromptReportStore(made))
    return made


def test_a_changed_prompt_is_not_activated_without_its_evaluation(
    bucket: FakeBucket, tmp_path: Path
) -> None:
    other, now = reworded("Answer briefly."), datetime.now(UTC)
    told("publish", "--activate")
    digest = told("publish", "--bundle", written(tmp_path, other))["digest"]
    impact = ImpactReport(
        candidate=digest, baseline=starter().digest, made_at=now, source="a test", decisions=1,
        impact="c" * 64,
    )  # fmt: skip
    ReportStore(bucket).keep(impact, b"{}")

    too_soon = mos("activate", digest)
    report = PromptReport(
        task=ROLE,
        candidate=read_fingerprint(other, ROLE),
        baseline=read_fingerprint(starter(), ROLE),
        cases=digest_cases(other, ROLE),
        made_at=now,
        source="asked live, all of it",
        paired=Paired(verdict=Verdict.SAME, cases=58, margin=0.1),
    )
    PromptReportStore(bucket).keep(report, b"{}")
    active = mos("activate", digest)

    assert too_soon.exit_code == 1
    assert "task infer_role may not change" in too_soon.stderr
    assert "mos prompt eval infer_role --against active" in too_soon.stderr
    assert active.exit_code == 0
    assert BundleStore(bucket).active_digest() == digest
