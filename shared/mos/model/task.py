"""The contract of a task. Models, prompt and budget stand in the policy bundle."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mos.model.base import Noun
from mos.model.data_class import DataClass, find_class, find_hidden


class Capability(StrEnum):
    """What a model can lack for a task. `may` names one wherever it refuses."""

    SCHEMA = "schema"
    CONTEXT = "context"
    OUTPUT = "output"
    SECONDS = "seconds"
    LANGUAGES = "language"
    TOOLS = "tools"
    MODALITY = "modality"
    DATA = "data"
    REGION = "region"


@dataclass(frozen=True)
class Needs:
    """What a model must be able to do: an answer by schema, so many tokens, in so many seconds."""

    schema: bool = True
    context: int = 8_000
    output: int = 300
    seconds: float = 10
    languages: frozenset[str] = frozenset({"en"})
    tools: bool = False
    modality: frozenset[str] = frozenset({"text"})


@dataclass(frozen=True)
class Task:
    """One task: typed question, typed answer, and a fallback that needs no model.

    `check` says why an answer that fits its schema may not be used, None where it may: it is
    asked of models' answers, never of the fallback's. What class of data the question holds its
    own fields say.
    """

    name: str
    question: type[Noun]
    answer: type[Noun]
    fallback: Callable[[Any], Noun]
    check: Callable[[Any, Any], str | None] | None = None
    needs: Needs = field(default_factory=Needs)

    @property
    def data(self) -> DataClass:
        """Return the class of what a model gets to see."""
        return find_class(self.question)

    @property
    def hidden(self) -> frozenset[str]:
        """Return the question's fields that are replaced by placeholders before any model sees it.

        They are put back into the answer.
        """
        return find_hidden(self.question)
