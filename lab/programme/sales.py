"""The reps: who works when, how soon they take a task, and what a conversation brings."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

_DAY_STARTS, _DAY_ENDS = 8, 17
_CALLS_A_DAY = 8


@dataclass
class Rep:
    """One rep, with a calendar in UTC: weekdays, a fortnight away, and so many calls a day."""

    name: str
    away_from: datetime
    calls: dict[str, int] = field(default_factory=dict)

    def takes_at(self, asked: datetime, rng: Random) -> datetime:
        """Return when the rep will have made this call: the first free hour that they work."""
        at = asked + timedelta(minutes=rng.uniform(5, 180))
        while not self._works(at) or self.calls.get(at.date().isoformat(), 0) >= _CALLS_A_DAY:
            at = (at + timedelta(hours=1)).replace(minute=rng.randrange(60))
        day = at.date().isoformat()
        self.calls[day] = self.calls.get(day, 0) + 1
        return at

    def _works(self, at: datetime) -> bool:
        if self.away_from <= at < self.away_from + timedelta(days=14):
            return False
        return at.isoweekday() < 6 and _DAY_STARTS <= at.hour < _DAY_ENDS


@dataclass
class Floor:
    """All reps of the programme, met as tasks name them."""

    rng: Random
    start: datetime
    days: int
    reps: dict[str, Rep] = field(default_factory=dict)

    def rep(self, name: str) -> Rep:
        """Return a rep; the first time, their holiday is drawn."""
        if name not in self.reps:
            away = self.start + timedelta(days=self.rng.uniform(0, self.days))
            self.reps[name] = Rep(name, away)
        return self.reps[name]
