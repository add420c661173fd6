"""Impact reports in S3, beside the bundles they are about: signed like them."""

import base64
from datetime import datetime, timedelta

from mos.aws.signer import Signer
from mos.errors import ReportError
from mos.model.report import ImpactReport
from mos.ports import Bucket

_PREFIX = "reports"


class ReportStore:
    """Keep the latest report of each candidate, and say whether it may ship.

    With a signer, a report whose signature is missing or wrong is as good as none.
    """

    def __init__(self, bucket: Bucket, signer: Signer | None = None) -> None:
        self._bucket = bucket
        self._signer = signer

    def keep(self, report: ImpactReport, findings: bytes) -> str:
        """Sign and store a report with its findings; return the key of the report."""
        text = report.canonical()
        key = f"{_PREFIX}/{report.candidate}"
        self._bucket.put(f"{key}/findings-{report.impact}.json", findings)
        if self._signer:
            signature = base64.b64encode(self._signer.sign(text))
            self._bucket.put(f"{key}/report.sig", signature)
        self._bucket.put(f"{key}/report.json", text.encode())
        return f"{key}/report.json"

    def of(self, candidate: str) -> ImpactReport:
        """Return the latest report of a candidate.

        Raises:
            ReportError: there is none, or nobody whom we trust signed it.
        """
        body = self._bucket.get(f"{_PREFIX}/{candidate}/report.json")
        if body is None:
            raise ReportError(candidate, "it was never rehearsed")
        if self._signer and not self._is_genuine(candidate, body.decode()):
            raise ReportError(candidate, "the report's signature is not ours")
        try:
            return ImpactReport.parse(body)
        except ValueError:
            raise ReportError(candidate, "the report cannot be read") from None

    def must_allow(self, candidate: str, active: str, now: datetime, days: float) -> ImpactReport:
        """Return the report that lets a candidate ship.

        It is no more than `days` old, compares with what is active now, and broke no guardrail.

        Raises:
            ReportError: there is no such report; the text says what to do.
        """
        report = self.of(candidate)
        if report.candidate != candidate:
            raise ReportError(candidate, "the report is about another bundle")
        if report.baseline != active:
            raise ReportError(
                candidate,
                f"it was rehearsed against {report.baseline[:12]}, and {active[:12]} is active",
            )
        age = now - report.made_at
        if not timedelta(minutes=-5) <= age <= timedelta(days=days):
            raise ReportError(
                candidate,
                f"its report is of {report.made_at:%Y-%m-%d}, at most {days:g} days count",
            )
        if report.broken:
            broken = "; ".join(report.broken)
            meant = "mend it, or say with --accept why it is meant"
            raise ReportError(candidate, f"the rehearsal broke {broken} ({meant})")
        return report

    def _is_genuine(self, candidate: str, text: str) -> bool:
        signature = self._bucket.get(f"{_PREFIX}/{candidate}/report.sig")
        if signature is None or self._signer is None:
            return False
        try:
            return self._signer.is_genuine(text, base64.b64decode(signature, validate=True))
        except ValueError:
            return False
