"""The llm function of a stage without any provider: each task answers by its fallback."""

from collections.abc import Mapping
from typing import Any

from mos import plugins, tasks
from mos.model.task import Task


class FallbackAsker:
    """The `Asker` port. What is asked for later would be of no use from a fallback: none comes."""

    def ask(self, task: str, question: Mapping[str, Any], context: Mapping[str, str]) -> Any:  # noqa: ANN401, ARG002  the port's own
        """Return the task's own answer."""
        found = plugins.load(tasks, task, "TASK", Task)
        answer = found.fallback(found.question.model_validate(question))
        return {"answer": answer.model_dump(mode="json"), "by": "fallback"}

    def ask_later(self, task: str, question: Mapping[str, Any], context: Mapping[str, str]) -> None:
        """Let it be."""
