"""Release a bundle: publish it, let it ship, move the pointer, and take the way back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from mos.aws.bundles import BundleStore
from mos.aws.canaries import Canaries
from mos.aws.prompt_reports import PromptReportStore, WantedReport
from mos.deployment import storage
from mos.deployment.deployment import Deployment
from mos.deployment.drill import drill, missed_steps
from mos.deployment.vouching import must_be_vouched, must_have_power
from mos.errors import BundleError, MissingError, MosError
from mos.model.admission import Admission
from mos.model.prompt_report import PromptReport
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import ERROR, Finding
from mos.policy.golden_cases import digest_cases, list_changed, read_fingerprint

_UNDRILLED = ("prod", "local")


def is_drilled(stage: str) -> bool:
    """Say whether the way back is tried on a stage, unless somebody says otherwise."""
    return stage not in _UNDRILLED


class NotReleasedError(MosError):
    """A bundle was not published or not activated; the text says why."""


@dataclass(frozen=True)
class Release:
    """What one person, `actor`, does with the bundles of one stage.

    Where it `drills`, the way back is tried before a pointer moves.
    """

    where: Deployment
    actor: str
    drills: bool

    def publish(
        self, bundle: Bundle, findings: Iterable[Finding], proposers: Iterable[str] = ()
    ) -> bool:
        """Store a bundle for ever, and say whether it was new. `findings` are what is wrong in it.

        `proposers` are those whose proposal it is, besides whoever publishes it.

        Raises:
            NotReleasedError: it has mistakes.
        """
        mistakes = [found for found in findings if found["level"] == ERROR]
        if mistakes:
            first = mistakes[0]
            raise NotReleasedError(
                f"{len(mistakes)} mistakes, first: {first['file']}: {first['detail']}"
            )
        store = storage.open_bundles(self.where, storage.PUBLISHER)
        new = store.publish(bundle)
        for one in (self.actor, *proposers):
            store.admissions.note_publisher(bundle.digest, one)
        return new

    def activate(self, digest: str) -> Admission | None:
        """Move the pointer, and return the ground on which that rests; None where it stood there.

        A canary of the same bundle ends: it is everybody's now.

        Raises:
            MissingError: no such bundle was published.
            ReportError: there is no fresh report that lets it ship.
            UnevaluatedError: no fresh evaluation lets a task change as it does.
            UnvouchedError: it loosens something, or no lead meets it, and two do not stand for it.
            NotReleasedError: the way back was tried, and is not taken.
        """
        store = storage.open_bundles(self.where, storage.ACTIVATOR)
        ground = self.admit(store, digest)
        if self.drills:
            self._drill(store, digest)
        store.activate(digest, self.actor)
        _promote(store, digest)
        return ground

    def roll_back(self, to: str = "", why: str = "") -> str:
        """Move the pointer back, and return the digest of the bundle that is active again."""
        store = storage.open_bundles(self.where, storage.ACTIVATOR)
        return store.roll_back(self.actor, to, why)

    def admit(self, store: BundleStore, digest: str) -> Admission | None:
        """Lay down the ground on which a bundle may ship, for all who read the pointer.

        Raises:
            MosError: as for `must_ship`.
        """
        ground = self.must_ship(store, digest)
        if ground:
            store.admit(digest, self.actor, ground)
        return ground

    def must_ship(self, store: BundleStore, digest: str) -> Admission | None:
        """Return the ground on which a bundle may ship; None where it decides already.

        It is a report that could see what changes, which broke nothing and for which two people
        stand where something is loosened or no lead meets it; the first bundle of a stage needs
        none.

        Raises:
            MissingError: no such bundle was published.
            ReportError: there is no fresh report that lets it ship.
            UnevaluatedError: it changes a task's prompt, route or model, and no fresh evaluation
                lets it.
            UnvouchedError: too few people stand for what they must.
        """
        candidate = store.load(digest)
        try:
            active = store.active()
        except (MissingError, BundleError):
            if first := store.admissions.find_first(digest, self.actor):
                return first
            raise
        if active.digest == digest:
            return None
        days, now = active.number("report_fresh_days"), datetime.now(UTC)
        reports = storage.open_reports(self.where, storage.ACTIVATOR)
        report = reports.must_allow(digest, active.digest, now, days)
        must_have_power(candidate, active, report)
        if list_changed(candidate, active):
            prompts = storage.open_prompt_reports(self.where, storage.ACTIVATOR)
            must_be_evaluated(candidate, active, prompts, now)
        names = must_be_vouched(candidate, active, report, store.admissions)
        return store.admissions.report_ground(report, self.actor, names)

    def _drill(self, store: BundleStore, digest: str) -> None:
        """Try the way back before anybody needs it; the first bundle of a stage has none."""
        try:
            before = store.active_digest()
        except MissingError:
            return
        steps = drill(self.where, store, before, digest, self.actor) if before != digest else []
        if missed := missed_steps(steps):
            raise NotReleasedError(f"the drill failed, {', '.join(missed)}: not taken in a minute")


def must_be_evaluated(
    candidate: Bundle, active: Bundle, reports: PromptReportStore, now: datetime
) -> list[PromptReport]:
    """Return the reports on which a bundle's changed tasks rest; one that changes none needs none.

    Raises:
        UnevaluatedError: a task asks a model something else, or another one, without its report.
    """
    days = active.number("report_fresh_days")
    return [
        reports.must_allow(
            WantedReport(
                task=task,
                candidate=read_fingerprint(candidate, task),
                baseline=read_fingerprint(active, task),
                cases=digest_cases(candidate, task),
            ),
            now,
            days,
        )
        for task in list_changed(candidate, active)
    ]


def _promote(store: BundleStore, digest: str) -> None:
    """End the canary of a bundle that is everybody's now."""
    canaries = Canaries(store.bucket)
    canary = canaries.running()
    if canary and canary.digest == digest:
        canaries.end(datetime.now(UTC), "promoted: it is everybody's now")
