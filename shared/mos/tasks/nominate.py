"""Nominate what to do for a buying group, out of what policy allows."""

from typing import Annotated

from pydantic import Field

from mos.model.base import Facts, Noun
from mos.model.data_class import INTERNAL, PERSONAL
from mos.model.task import Needs, Task

MOST_CANDIDATES = 12
MOST_NOMINATED = 3


class Possible(Noun):
    """One thing that may be done: who (a label, never a name), what, and what it is for."""

    candidate: str = Field(max_length=10)
    person: str = Field(max_length=10)
    action: str = Field(max_length=100)
    treatment: str = Field(max_length=100)
    channel: str = Field(max_length=100)
    why: str = Field(max_length=400)


class Situation(Noun):
    """What the bundle lets a model know of a group and its members, and what may be done."""

    group: Annotated[Facts, INTERNAL]
    people: Annotated[dict[str, Facts], PERSONAL] = Field(max_length=50)
    candidates: Annotated[tuple[Possible, ...], INTERNAL] = Field(max_length=MOST_CANDIDATES)


class Choice(Noun):
    """One candidate that a model speaks for."""

    candidate: str = Field(max_length=10)
    confidence: float = Field(ge=0, le=1, allow_inf_nan=False)
    why: str = Field(max_length=200)


class Choices(Noun):
    """The candidates that a model speaks for: none is an answer, too."""

    nominations: tuple[Choice, ...] = Field(max_length=MOST_NOMINATED)


def none(question: Situation) -> Choices:  # noqa: ARG001  whatever is asked
    """Return no nomination: arbitration stands on its own."""
    return Choices(nominations=())


TASK = Task(
    name="nominate",
    question=Situation,
    answer=Choices,
    fallback=none,
    needs=Needs(context=16_000),
)
