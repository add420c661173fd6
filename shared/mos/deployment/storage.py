"""A stage's bundles and reports, for reading or as one of its roles sees them.

In AWS a bundle is signed by one role and activated by another; the local stage has neither.
"""

from mos.aws.bucket import S3Bucket
from mos.aws.bundles import BundleStore
from mos.aws.prompt_reports import PromptReportStore
from mos.aws.reports import ReportStore
from mos.aws.signer import KmsSigner
from mos.deployment.deployment import Deployment

PUBLISHER, ACTIVATOR = "policy-publisher", "policy-activator"


def open_bundles(where: Deployment, role: str = "") -> BundleStore:
    """Return the stage's bundles."""
    where = where.acting_as(role) if role else where
    return BundleStore(_bucket(where), _signer(where))


def open_reports(where: Deployment, role: str = "") -> ReportStore:
    """Return the stage's impact reports."""
    where = where.acting_as(role) if role else where
    return ReportStore(_bucket(where), _signer(where))


def open_prompt_reports(where: Deployment, role: str = "") -> PromptReportStore:
    """Return the stage's reports on changed prompts and models."""
    where = where.acting_as(role) if role else where
    return PromptReportStore(_bucket(where), _signer(where))


def _bucket(where: Deployment) -> S3Bucket:
    return S3Bucket(where.bucket("bundles"), where.client("s3"))


def _signer(where: Deployment) -> KmsSigner | None:
    if where.endpoint:
        return None
    return KmsSigner(f"alias/{where.name('bundles')}", where.client("kms"))
