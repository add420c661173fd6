"""The override ladder: global → unit → region → segment → account; the nearest word wins. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mos.model.base import Facts, Noun


class Rung(StrEnum):
    """How near a value is to an account, the farthest first."""

    GLOBAL = "global"
    UNIT = "unit"
    REGION = "region"
    SEGMENT = "segment"
    ACCOUNT = "account"


FACTS = {
    Rung.UNIT: ("account.unit",),
    Rung.REGION: ("account.region",),
    Rung.SEGMENT: ("account.segment",),
    Rung.ACCOUNT: ("account.domain", "account.id"),
}
"""The facts that say where an account stands on each rung."""

_ORDER = list(Rung)


class Override(Noun):
    """What holds for one business unit, region, segment or account, not for everybody."""

    level: Rung
    of: str
    value: bool | int | float | str | list[str] | dict[str, float]
    why: str


@dataclass(frozen=True)
class Step:
    """One value on the ladder: its rung, whose it is there, and why."""

    level: Rung
    of: str
    value: Any
    why: str


@dataclass(frozen=True)
class Resolved:
    """The value that holds, where it stands, and the values that it shadows, nearest first."""

    won: Step
    shadowed: tuple[Step, ...]

    @property
    def value(self) -> Any:  # noqa: ANN401  any parameter's value
        """Return the value that holds."""
        return self.won.value


def resolve(base: Step, overrides: Iterable[Step], facts: Facts) -> Resolved:
    """Return what holds for these facts: of several that fit, the one on the nearest rung."""
    fitting = [step for step in overrides if applies(step.level, step.of, facts)]
    fitting.sort(key=lambda step: _ORDER.index(step.level), reverse=True)
    won, *shadowed = [*fitting, base]
    return Resolved(won, tuple(shadowed))


def applies(level: Rung, of: str, facts: Facts) -> bool:
    """Say whether an override is about these facts."""
    return any(facts.get(name) == of for name in FACTS.get(level, ()))
