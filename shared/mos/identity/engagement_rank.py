"""Where somebody stands among a company's people by engagement, as a text that sorts. Pure."""

import math

from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle

LEAST_POINTS = 20.0
"""Who has done less than raise a hand once has no rank: ranks cost writes, and most people read."""

_DAY = 86_400
_DIGITS = 12


def find_rank(profile: Profile, bundle: Bundle) -> str | None:
    """Return a person's rank: who was more engaged sorts later, whenever one asks.

    All engagement halves by the same half-life, so that an order once found stays. A step is twice
    the points, or a half-life later: a rank changes that seldom. None for who has hardly done
    anything.
    """
    if profile.engagement_at is None or profile.engagement < LEAST_POINTS:
        return None
    lives = profile.engagement_at.timestamp() / _DAY / bundle.number("engagement_half_life_days")
    step = math.floor(math.log2(profile.engagement) + lives)
    return f"{max(0, step):0{_DIGITS}}"
