"""A challenge: some whole accounts are decided on by other settings, to see which do better.

Where an account stands follows from its id and the challenge's salt alone, so it stays there as
long as the challenge runs, whatever else is changed. Who joins because a share grows comes from
the champion: nobody who is in leaves, and nobody changes from one challenger to another.
"""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from mos.model.base import Instant, Stated, Stored, point

CHAMPION = "champion"
Setting = bool | int | float | str | list[str] | dict[str, float]
"""What a parameter may be."""


class Challenger(Stated):
    """Other settings that a share of accounts is decided on by."""

    name: str = Field(min_length=1)
    why: str = Field(min_length=1)
    percent: float = Field(gt=0, le=100)
    parameters: dict[str, Setting] = Field(min_length=1)


class Challenge(Stated):
    """The champion, which is how the bundle stands, and its challengers.

    Each of `n` challengers has a stretch of 100 / n percent that it fills from the start: it can
    grow that far without taking an account from another. It runs from `starts` to `ends`, both
    days included, in UTC. `salt` draws the accounts, and is the name where none is stated.
    """

    name: str
    why: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    salt: str = ""
    starts: date | None = None
    ends: date | None = None
    challenger: tuple[Challenger, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError(f"it ends on {self.ends}, before it starts")
        return self

    @model_validator(mode="after")
    def _each_has_its_stretch(self) -> Self:
        names = [one.name for one in self.challenger]
        if CHAMPION in names:
            raise ValueError("the champion is how the bundle stands: call a challenger otherwise")
        if len(set(names)) < len(names):
            raise ValueError("two challengers have one name")
        for one in self.challenger:
            if one.percent > self._stretch:
                most = f"each of {len(names)} can have {self._stretch:g} percent at most"
                raise ValueError(f"challenger {one.name}: {most}, found {one.percent:g}")
        return self

    @property
    def draws_by(self) -> str:
        """Return the salt that counts."""
        return self.salt or self.name

    def runs(self, at: Instant) -> bool:
        """Say whether it runs at a moment."""
        day = at.date()
        return (self.starts or day) <= day <= (self.ends or day)

    def meets(self, other: "Challenge") -> bool:
        """Say whether both run on some day."""
        first = max(self.starts or date.min, other.starts or date.min)
        return first <= min(self.ends or date.max, other.ends or date.max)

    def drawn(self, account_id: str) -> Challenger | None:
        """Return the challenger that an account is decided on by; None for the champion."""
        at = point("challenge", self.draws_by, account_id) * 100
        number = min(int(at / self._stretch), len(self.challenger) - 1)
        one = self.challenger[number]
        return one if at - number * self._stretch < one.percent else None

    @property
    def _stretch(self) -> float:
        return 100 / len(self.challenger)


class Assigned(Stored):
    """The arm of a challenge in which an account stands, and how likely that was."""

    challenge: str
    arm: str
    probability: float
