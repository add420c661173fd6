"""A stage with a bundle in force, and reports of candidates, for tests of the gate."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from mos.aws.bundles import BundleStore
from mos.aws.prompt_reports import PromptReportStore
from mos.aws.reports import ReportStore
from mos.deployment import storage
from mos.deployment.release import Release
from mos.memory.bucket import FakeBucket
from mos.memory.signer import FakeSigner
from mos.model.report import ImpactReport, Reach
from mos.policy.bundle.bundle import Bundle
from mos.policy.diff.touched import list_touched
from tests.builders import starter


class Stage:
    """A stage in memory that signs as one in AWS does, and who works on it."""

    stage = "prod"

    def __init__(self, *, signs: bool = True) -> None:
        self.bucket = FakeBucket()
        self.signer = FakeSigner("ours") if signs else None
        self.store = self.open()
        self.store.publish(starter())
        self.store.activate(starter().digest, "ci")

    def open(self) -> BundleStore:
        """Return the stage's bundles as a container that begins now reads them."""
        return BundleStore(self.bucket, self.signer)

    def release(self, actor: str = "revops") -> Release:
        """Return what one person does with its bundles."""
        return Release(self, actor, drills=False)  # type: ignore[arg-type]  # all that is asked of it

    def name_caller(self) -> str:
        return ""

    def report(self, candidate: Bundle, **more: Any) -> ImpactReport:
        """Publish a candidate and sign a report on it; what it leaves out could be seen."""
        self.release().publish(candidate, [])
        given: dict[str, Any] = {
            "candidate": candidate.digest,
            "baseline": starter().digest,
            "made_at": datetime.now(UTC),
            "source": "the stage's last 90 days",
            "decisions": 1200,
            "impact": "c" * 64,
            "accounts": 90,
            "reach": reach_of(candidate),
            "tested": "390 examples and golden decisions, 40 stories: 0 failed",
        }
        report = ImpactReport.model_validate(given | more)
        ReportStore(self.bucket, self.signer).keep(report, b"{}")
        return report


@contextmanager
def reached() -> Iterator[None]:
    """Have the stage's stores be those of the `Stage` that is asked, whatever the role."""
    kinds = {"reports": ReportStore, "prompt_reports": PromptReportStore}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "open_bundles", lambda where, *_: where.open())
        for name, kind in kinds.items():
            patch.setattr(
                storage,
                f"open_{name}",
                lambda where, *_, kind=kind: kind(where.bucket, where.signer),
            )
        yield


def reach_of(candidate: Bundle, met: int = 40, baseline: Bundle | None = None) -> tuple[Reach, ...]:
    """Return that each thing that a candidate changes is met by so many accounts."""
    touched = list_touched(baseline or starter(), candidate)
    return tuple(Reach(what=one.name, decisions=met * 3, accounts=met) for one in touched)


def with_text(file: str, *changes: tuple[str, str]) -> Bundle:
    """Return the starter with some words of one page in place of others."""
    text = starter().text(file)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return Bundle(starter().files | {file: text.encode()})


def without(*files: str) -> Bundle:
    """Return the starter without some pages."""
    return Bundle({n: b for n, b in starter().files.items() if n not in files})
