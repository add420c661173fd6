"""The story: the crowd and the named people, in the order in which requests are sent."""

from datetime import datetime, timedelta
from random import Random

from lab.world.beat import Beat
from lab.world.cast import jane, marta, ravi
from lab.world.crowd import Crowd

DAYS = 5
ACCOUNTS = 200
SIGNALS = 2000


def story(
    seed: int,
    start: datetime,
    *,
    accounts: int = ACCOUNTS,
    signals: int = SIGNALS,
) -> list[Beat]:
    """Return the beats of five days from `start`: the same seed and start give the same bytes.

    About `signals` signals of `accounts` companies; the named people come on top.
    """
    end = start + timedelta(days=DAYS)
    crowd = Crowd(Random(seed), start, end)  # noqa: S311  a story, not a secret
    named = [*jane.beats(end), *ravi.beats(end), *marta.beats(end)]
    told = crowd.live(accounts, signals - sum(beat.signals for beat in named))
    return sorted([*told, *named], key=lambda beat: (beat.at, beat.source, beat.body))
