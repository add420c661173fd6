"""Look after the canary: count what it did to people, and end it when a guardrail breaks."""

from collections.abc import Mapping
from datetime import datetime

from functions.learning.guard import Guardrail, Tally, judge
from functions.learning.repository import SUCCESS, Lessons
from mos.aws.bundles import BundleStore
from mos.aws.canaries import Canaries
from mos.model.canary import Canary, Finding, Watched
from mos.policy.bundle.bundle import Bundle

Had = Mapping[str, Mapping[str, float]]
_MAIL, _TASK = ("email",), ("hubspot_task",)
_EVERY = ("email", "hubspot_task", "meta_audience", "sms", "slack", "direct_mail", "in_app")
_COUNTED = {
    "unsubscribes": (_MAIL, "unsubscribed"),
    "complaints": (_MAIL, "complained"),
    "rejected hand-offs": (_TASK, "task_rejected"),
    "successes": (_EVERY, SUCCESS),
}


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
    channels, event = _COUNTED[name]
    found = []
    for counts in had.values():
        of = sum(counts.get(channel, 0) for channel in channels)
        if of:
            found.append(Tally(of=of, events=counts.get(event, 0)))
    return found
