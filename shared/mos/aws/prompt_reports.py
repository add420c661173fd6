"""Reports on changed prompts and models in S3, beside the bundles: signed like impact reports."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from mos.aws.signer import Signer
from mos.errors import UnevaluatedError
from mos.model.prompt_report import PromptReport
from mos.ports import Bucket

_PREFIX = "reports/prompts"


@dataclass(frozen=True)
class WantedReport:
    """Of what a report must be: fingerprints of candidate and baseline, digest of the cases."""

    task: str
    candidate: str
    baseline: str
    cases: str


class PromptReportStore:
    """Keep the latest report of each task's candidate, and say whether the change may ship.

    With a signer, a report whose signature is missing or wrong is as good as none.
    """

    def __init__(self, bucket: Bucket, signer: Signer | None = None) -> None:
        self._bucket = bucket
        self._signer = signer

    def keep(self, report: PromptReport, findings: bytes) -> str:
        """Sign and store a report with its findings; return the key of the report."""
        text, key = report.canonical(), _key_of(report.task, report.candidate)
        self._bucket.put(f"{key}/findings-{report.findings}.json", findings)
        if self._signer:
            signature = base64.b64encode(self._signer.sign(text))
            self._bucket.put(f"{key}/report.sig", signature)
        self._bucket.put(f"{key}/report.json", text.encode())
        return f"{key}/report.json"

    def find(self, task: str, candidate: str) -> PromptReport:
        """Return the latest report on what a task's candidate asks.

        Raises:
            UnevaluatedError: there is none, or nobody whom we trust signed it.
        """
        body = self._bucket.get(f"{_key_of(task, candidate)}/report.json")
        if body is None:
            raise UnevaluatedError(task, "it was never evaluated as it is now")
        if self._signer and not self._is_genuine(task, candidate, body.decode()):
            raise UnevaluatedError(task, "the report's signature is not ours")
        try:
            return PromptReport.parse(body)
        except ValueError:
            raise UnevaluatedError(task, "the report cannot be read") from None

    def must_allow(self, wanted: WantedReport, now: datetime, days: float) -> PromptReport:
        """Return the report that lets a task change.

        It is no more than `days` old, about this candidate against what is active, over the golden
        cases that the candidate's bundle holds, and found it better or the same; or somebody
        stands for it in words.

        Raises:
            UnevaluatedError: there is no such report; the text says what to do.
        """
        task = wanted.task
        report = self.find(task, wanted.candidate)
        if (report.task, report.candidate) != (task, wanted.candidate):
            raise UnevaluatedError(task, "the report is about another change")
        if report.baseline != wanted.baseline:
            raise UnevaluatedError(task, "it was evaluated against what is no longer active")
        if report.cases != wanted.cases:
            raise UnevaluatedError(task, "it was evaluated over other golden cases")
        age = now - report.made_at
        if not timedelta(minutes=-5) <= age <= timedelta(days=days):
            made = f"its report is of {report.made_at:%Y-%m-%d}"
            raise UnevaluatedError(task, f"{made}, at most {days:g} days count")
        if not report.may_ship:
            found = f"the evaluation says {report.paired.verdict.value}"
            raise UnevaluatedError(task, f"{found} ({report.paired.why or 'see its findings'})")
        return report

    def _is_genuine(self, task: str, candidate: str, text: str) -> bool:
        signature = self._bucket.get(f"{_key_of(task, candidate)}/report.sig")
        if signature is None or self._signer is None:
            return False
        try:
            return self._signer.is_genuine(text, base64.b64decode(signature, validate=True))
        except ValueError:
            return False


def _key_of(task: str, candidate: str) -> str:
    return f"{_PREFIX}/{task}/{candidate}"
