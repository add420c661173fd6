"""What people care about most: topics with a half-life, for one person or a whole group. Pure."""

from collections.abc import Iterable
from datetime import datetime

from mos.model.base import Facts
from mos.model.profile import Interest, Profile
from mos.policy.facts import decayed

_EVIDENCE = 5
_SAID = 5


def interests_of(
    profiles: Iterable[Profile], at: datetime, half_life_days: float
) -> tuple[Interest, ...]:
    """Return the topics as they stand at a moment, strongest first, each with its last signals.

    A group cares as much as its members do together.
    """
    found: dict[str, Interest] = {}
    for profile in profiles:
        for interest in profile.interests:
            held = found.get(interest.topic) or Interest(topic=interest.topic, score=0, at=at)
            score = held.score + decayed(interest.score, interest.at, at, half_life_days)
            evidence = (*held.signal_ids, *interest.signal_ids)[-_EVIDENCE:]
            found[interest.topic] = Interest(
                topic=interest.topic, score=round(score, 6), at=at, signal_ids=evidence
            )
    return tuple(sorted(found.values(), key=lambda i: (-i.score, i.topic)))


def interest_facts(level: str, interests: tuple[Interest, ...]) -> Facts:
    """Return the interests as facts of a person or a group."""
    if not interests:
        return {}
    return {
        f"{level}.interests": tuple(sorted(i.topic for i in interests[:_SAID])),
        f"{level}.top_interest": interests[0].topic,
    }
