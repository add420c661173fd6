"""The contract of a task. Provider, model, prompt and budget stand in the policy bundle."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mos.model.base import Noun


@dataclass(frozen=True)
class Task:
    """One task: typed question, typed answer, and a fallback that needs no model.

    `personal` names the question's fields that are replaced by placeholders before any provider
    sees them and put back afterwards. `needs` are the capabilities that a model must have.
    `objection` says why an answer that fits its schema may not be used, None where it may: it is
    asked of models' answers, never of the fallback's.
    """

    name: str
    question: type[Noun]
    answer: type[Noun]
    fallback: Callable[[Any], Noun]
    personal: frozenset[str] = frozenset()
    objection: Callable[[Any, Any], str | None] | None = None
    needs: frozenset[str] = field(default_factory=lambda: frozenset({"json"}))
