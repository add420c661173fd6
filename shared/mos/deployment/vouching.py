"""Two people's word for a bundle that loosens something, or that no rehearsal can show."""

from dataclasses import dataclass
from datetime import UTC, datetime

from mos.aws.admissions import EYES, Admissions, count_eyes
from mos.aws.bundles import BundleStore
from mos.deployment.deployment import Deployment
from mos.errors import MalformedError, ReportError, UnvouchedError
from mos.model.admission import Vouch
from mos.model.report import ImpactReport
from mos.policy.approvals import Approver, ask_need, find_approver, read_approvers
from mos.policy.bundle.bundle import Bundle
from mos.policy.diff.loosened import list_loosened
from mos.policy.diff.touched import list_touched
from mos.policy.power import find_unreached, find_weakness


def list_eyes(candidate: Bundle, active: Bundle, report: ImpactReport | None) -> tuple[str, ...]:
    """Return for what two people must stand: what is loosened, and what no lead meets."""
    said = [*report.eyes, *find_unreached(report.reach)] if report else []
    return tuple(dict.fromkeys([*said, *list_loosened(active, candidate)]))


def must_have_power(candidate: Bundle, active: Bundle, report: ImpactReport) -> None:
    """Return where a report could have seen what its bundle changes.

    Raises:
        ReportError: it rests on too few accounts, or does not say whom a change meets.
    """
    touched = [one.name for one in list_touched(active, candidate)]
    missing = sorted(set(touched) - {one.what for one in report.reach})
    if missing:
        raise ReportError(
            candidate.digest, f"its report does not say whom {', '.join(missing[:5])} meets"
        )
    if touched and not report.tested:
        raise ReportError(candidate.digest, "its report does not say whether its tests hold")
    for why in find_weakness(report.accounts, report.reach, active):
        raise ReportError(candidate.digest, why)


def must_be_vouched(
    candidate: Bundle, active: Bundle, report: ImpactReport, admissions: Admissions
) -> list[str]:
    """Return the names of those who stand for a bundle; nobody where nothing asks for it.

    Raises:
        UnvouchedError: fewer than two people do, its proposers left out.
    """
    eyes = list_eyes(candidate, active, report)
    if not eyes:
        return []
    names = [one.name for one in read_approvers(active)]
    words = admissions.list_vouches(candidate.digest, names)
    words = [word for word in words if set(word.about) >= set(eyes)]
    count = count_eyes(words, candidate.digest, active.digest)
    if count < EYES:
        raise UnvouchedError(candidate.digest, eyes, f"{count} of {EYES} stand for it")
    return [word.by for word in words]


@dataclass(frozen=True)
class Vouching:
    """The desk at which people stand for a candidate, each by a word of their own."""

    where: Deployment
    store: BundleStore

    def vouch(self, candidate: Bundle, report: ImpactReport | None, name: str, why: str) -> Vouch:
        """Take a person's word for all that asks for one, and return it as it is kept.

        Raises:
            MalformedError: nothing asks for a word, no reason is given, or theirs does not count.
        """
        active = self.store.active()
        about = list_eyes(candidate, active, report)
        if not about:
            raise MalformedError("nothing in it asks for a second pair of eyes")
        if not why.strip():
            raise MalformedError("say why, for whoever reads the history: --why")
        proposers = tuple(self.store.admissions.list_publishers(candidate.digest))
        approver = _must_count(name, active, proposers)
        return Vouch(
            candidate=candidate.digest,
            baseline=active.digest,
            by=approver.name,
            at=datetime.now(UTC),
            why=why.strip(),
            about=about,
            proposers=proposers,
            via=self.where.name_caller(),
        )


def _must_count(name: str, active: Bundle, proposers: tuple[str, ...]) -> Approver:
    approver = find_approver(name, active)
    if approver is None:
        raise MalformedError(f"{name} is none of approvals/approvers of the bundle in force")
    need = ask_need({"approval.what": "policy", "approval.by_agent": False}, active)
    if need.role and need.role not in approver.roles:
        raise MalformedError(f"{approver.name} does not approve as {need.role}")
    for one in proposers:
        if approver.speaks_for(one) or approver.is_called(f"iam:{one}"):
            raise MalformedError(f"{approver.name} proposed it: others stand for it")
    return approver
