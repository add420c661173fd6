"""A golden decision: what was known, without names, and what must come of it."""

from typing import Self

from pydantic import Field, model_validator

from mos.model.base import Facts, Instant, Stored
from mos.model.decision import Arm, PersonFacts, Verdict
from mos.model.past import Past


class Expected(Stored):
    """Which action must have the highest priority, or must not, for one person or for anybody."""

    action: str | None = None
    never: str | None = None
    person: str | None = None

    @model_validator(mode="after")
    def _one_word(self) -> Self:
        if (self.action is None) is (self.never is None):
            raise ValueError("expected either action or never")
        return self

    @property
    def said(self) -> str:
        """Return it as one would say it."""
        whom = f" for {self.person}" if self.person else ""
        verb = "not to win" if self.never else "to win"
        return f"{self.action or self.never}{whom} {verb}"


class Golden(Stored):
    """A corrected decision: facts as known then, the past, and what must win by priority.

    `held_out` are the issues whose control group the account was in; `verdict` is what consent
    said where the record no longer holds what it was asked of; the past names every cap's counter.
    """

    name: str
    why: str
    decision: str
    at: Instant
    held_out: tuple[str, ...] = ()
    expect: Expected
    facts: Facts = Field(default_factory=dict)
    past: Past = Past()
    person: tuple[PersonFacts, ...] = ()
    verdict: tuple[Verdict, ...] = ()
    arm: tuple[Arm, ...] = ()

    @property
    def file(self) -> str:
        """Return where it stands in the bundle."""
        return f"golden/{self.name}.toml"

    def asks_as(self, other: "Golden") -> bool:
        """Say whether another example gives the same facts and past."""
        own = {"name": "", "why": "", "decision": "", "expect": Expected(action="any")}
        return self.model_copy(update=own) == other.model_copy(update=own)
