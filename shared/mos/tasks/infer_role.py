"""Infer the buying role that a job title makes likely."""

from typing import Annotated, Literal

from pydantic import Field

from mos.model.base import Noun
from mos.model.data_class import PERSONAL
from mos.model.task import Needs, Task


class JobTitle(Noun):
    """A title as somebody typed it."""

    title: Annotated[str, PERSONAL] = Field(max_length=200)


class LikelyRole(Noun):
    """The likely role, and how sure we are."""

    role: Literal[
        "champion",
        "economic_buyer",
        "technical_evaluator",
        "end_user",
        "legal_procurement",
        "unknown",
    ]
    confidence: float = Field(ge=0, le=1)


def unsure(question: JobTitle) -> LikelyRole:  # noqa: ARG001  the table did not know it either
    """Return unknown: the bundle's title table has been asked before any model is."""
    return LikelyRole(role="unknown", confidence=0)


TASK = Task(
    name="infer_role",
    question=JobTitle,
    answer=LikelyRole,
    fallback=unsure,
    needs=Needs(context=2_000, output=60),
)
