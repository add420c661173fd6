"""How engaged somebody is, and in what, after one more signal of theirs. Pure."""

from mos.model.profile import Interest, Profile
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle
from mos.policy.facts import decayed, signal_facts


def add_engagement(profile: Profile, signal: Signal, bundle: Bundle) -> dict[str, object]:
    """Return the points after a signal, with their three half-lives."""
    facts = signal_facts(signal)
    points = float(bundle.table("signals/engagement").evaluate(facts).output.get("points", 0))
    if not points:
        return {}
    lives = {
        "engagement": bundle.number("engagement_half_life_days"),
        "engagement_fast": bundle.number("momentum_fast_half_life_days"),
        "engagement_slow": bundle.number("momentum_slow_half_life_days"),
    }
    return {"engagement_at": signal.occurred_at} | {
        name: round(
            decayed(getattr(profile, name), profile.engagement_at, signal.occurred_at, life)
            + points,
            6,
        )
        for name, life in lives.items()
    }


def add_interests(profile: Profile, signal: Signal, bundle: Bundle) -> tuple[Interest, ...]:
    """Return what somebody cares about after a signal, each topic with its last signals."""
    facts = signal_facts(signal)
    topics = [row.then["topic"] for row in bundle.table("signals/interest").evaluate(facts).rows]
    if not topics:
        return profile.interests
    half_life = bundle.number("interest_half_life_days")
    held = {interest.topic: interest for interest in profile.interests}
    for topic in topics:
        before = held.get(topic) or Interest(topic=topic, score=0, at=signal.occurred_at)
        score = decayed(before.score, before.at, signal.occurred_at, half_life) + 1
        evidence = (*before.signal_ids, signal.signal_id)[-5:]
        held[topic] = Interest(
            topic=topic, score=round(score, 6), at=signal.occurred_at, signal_ids=evidence
        )
    return tuple(held[topic] for topic in sorted(held))
