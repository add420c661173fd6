"""A.10.9: nothing ships without a fresh, signed impact report of that very bundle."""

from datetime import timedelta

import pytest

from mos.aws.reports import ReportStore
from mos.errors import ReportError
from mos.memory.bucket import FakeBucket
from mos.memory.signer import FakeSigner
from mos.model.report import ImpactReport
from tests.builders import NOON

NEW, OLD = "a" * 64, "b" * 64


def report(**fields: object) -> ImpactReport:
    given: dict[str, object] = {
        "candidate": NEW,
        "baseline": OLD,
        "made_at": NOON,
        "source": "last 90 days",
        "decisions": 1200,
        "impact": "c" * 64,
    }
    return ImpactReport.model_validate(given | fields)


def test_a10_09_a_fresh_signed_report_lets_its_bundle_ship() -> None:
    store = ReportStore(FakeBucket(), FakeSigner("ours"))

    store.keep(report(), b"{}")

    found = store.must_allow(NEW, OLD, NOON + timedelta(days=6), days=7)
    assert found == report()


@pytest.mark.parametrize(
    ("made", "candidate", "active", "days_later", "says"),
    [
        ({}, "d" * 64, OLD, 0, "never rehearsed"),
        ({}, NEW, "e" * 64, 0, "was rehearsed against bbbbbbbbbbbb, and eeeeeeeeeeee is active"),
        ({}, NEW, OLD, 8, "at most 7 days count"),
        ({"made_at": NOON + timedelta(days=1)}, NEW, OLD, 0, "at most 7 days count"),
        ({"broken": ("4 reps over capacity",)}, NEW, OLD, 0, "broke 4 reps over capacity"),
    ],
)
def test_a10_09_a_bundle_without_one_is_refused_and_told_what_to_do(
    made: dict[str, object], candidate: str, active: str, days_later: int, says: str
) -> None:
    store = ReportStore(FakeBucket(), FakeSigner("ours"))
    store.keep(report(**made), b"{}")

    with pytest.raises(ReportError, match=says) as refused:
        store.must_allow(candidate, active, NOON + timedelta(days=days_later), days=7)

    assert "mos rehearse --sign" in str(refused.value)


def test_a10_09_a_report_that_somebody_else_wrote_or_changed_counts_for_nothing() -> None:
    bucket = FakeBucket()
    store = ReportStore(bucket, FakeSigner("ours"))
    ReportStore(bucket, FakeSigner("a thief's")).keep(report(), b"{}")
    with pytest.raises(ReportError, match="signature is not ours"):
        store.of(NEW)

    store.keep(report(broken=("it harms",)), b"{}")
    key = f"reports/{NEW}/report.json"
    bucket.objects[key] = report().canonical().encode()

    with pytest.raises(ReportError, match="signature is not ours"):
        store.of(NEW)


def test_a10_09_a_report_of_another_bundle_put_in_its_place_is_refused() -> None:
    bucket = FakeBucket()
    store = ReportStore(bucket, FakeSigner("ours"))
    store.keep(report(candidate="d" * 64), b"{}")
    for name in ("report.json", "report.sig"):
        bucket.objects[f"reports/{NEW}/{name}"] = bucket.objects[f"reports/{'d' * 64}/{name}"]

    with pytest.raises(ReportError, match="about another bundle"):
        store.must_allow(NEW, OLD, NOON, days=7)
