"""Look after the canary: count what it did to people, and end it when a guardrail breaks."""

from collections.abc import Mapping
from datetime import datetime

from functions.learning.guard import Guardrail, Tally, judge
from functions.learning.repository import SUCCESS, Lessons, of
from mos.aws.bundles import BundleStore
from mos.aws.canaries import Canaries
from mos.model.canary import Canary, Finding, Watched
from mos.model.lesson import OutcomeKind
from mos.policy.bundle.bundle import Bundle

Had = Mapping[str, Mapping[str, float]]
_COUNTED = {
    "unsubscribes": OutcomeKind.UNSUBSCRIBED.value,
    "complaints": OutcomeKind.COMPLAINED.value,
    "rejected hand-offs": OutcomeKind.TASK_REJECTED.value,
    "successes": SUCCESS,
}
"""What each guardrail counts, against the touches that could have had it: channels say which."""


def watch(now: datetime, lessons: Lessons, store: BundleStore) -> Watched | None:
    """Return what the guardrails say of the canary that runs, having ended it if one broke.

    The candidate's accounts are compared with all others, from the day on which it began.
    """
    canaries = Canaries(store.bucket)
    canary = canaries.running()
    if canary is None:
        return None
    found = _findings(canary, now, lessons, store.load(canary.baseline))
    broken = [f"{f.guardrail}: {f.why}" for f in found if f.broken]
    if broken:
        canary = canaries.end(now, "; ".join(broken))
    watched = Watched(canary=canary, at=now, findings=found)
    canaries.note(watched)
    return watched


def _findings(
    canary: Canary, now: datetime, lessons: Lessons, bundle: Bundle
) -> tuple[Finding, ...]:
    ours = lessons.had(canary.digest, canary.started_at, now)
    theirs = lessons.had(canary.baseline, canary.started_at, now)
    return judge(
        guardrails_of(bundle),
        {name: _tallies(name, ours) for name in _COUNTED},
        {name: _tallies(name, theirs) for name in _COUNTED},
    )


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


def _tallies(name: str, had: Had) -> list[Tally]:
    what = _COUNTED[name]
    return [
        Tally(of=touches, events=counts.get(what, 0))
        for counts in had.values()
        if (touches := counts.get(of(what), 0))
    ]
