"""Look after the canary: count what it did to people, and end it when a guardrail breaks."""

from datetime import datetime

from functions.learning.guard import Guardrail, judge
from functions.learning.totals import CanaryTotals
from mos.aws.bundles import BundleStore
from mos.aws.canaries import Canaries
from mos.model.canary import Canary, Finding, Watched
from mos.policy.bundle.bundle import Bundle
from mos.ports import Table


def watch(now: datetime, lessons: Table, store: BundleStore) -> Watched | None:
    """Return what the guardrails say of the canary that runs, having ended it if one broke.

    The candidate's accounts are compared with all others, over touches since it began. One that
    nobody has looked at for too long is ended as well: nobody carries it any more.
    """
    canaries = Canaries(store.bucket)
    canary = canaries.running()
    if canary is None:
        return None
    unwatched = canaries.find_lapse(canary, now)
    found = _findings(canary, now, lessons, store.load(canary.baseline))
    ends = [f"{f.guardrail}: {f.why}" for f in found if f.broken]
    if unwatched:
        ends.append(unwatched)
    if ends:
        canary = canaries.end(now, "; ".join(ends))
    watched = Watched(canary=canary, at=now, findings=found)
    canaries.note(watched)
    return watched


def _findings(canary: Canary, now: datetime, lessons: Table, bundle: Bundle) -> tuple[Finding, ...]:
    sums = CanaryTotals(lessons, canary).add_up(now)
    return judge(guardrails_of(bundle), sums.get(canary.digest, {}), sums.get(canary.baseline, {}))


def guardrails_of(bundle: Bundle) -> tuple[Guardrail, ...]:
    """Return the guardrails as the business has set them."""
    return (
        Guardrail("unsubscribes", slack=bundle.number("guardrail_unsubscribe_ratio") - 1),
        Guardrail(
            "complaints",
            slack=bundle.number("guardrail_complaint_ratio") - 1,
            stop=bundle.number("complaint_share_stop"),
        ),
        Guardrail("rejected hand-offs", slack=bundle.number("guardrail_rejected_ratio") - 1),
        Guardrail(
            "successes",
            slack=1 - bundle.number("guardrail_success_ratio"),
            more_is_worse=False,
        ),
    )
