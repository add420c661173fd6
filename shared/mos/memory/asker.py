"""An llm function in memory."""

from collections.abc import Mapping
from typing import Any

from mos.errors import UnavailableError


class FakeAsker:
    """The `Asker` port: answers what it was given, by task; unreachable for all others."""

    def __init__(self, answers: Mapping[str, Any] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def ask(self, task: str, question: Mapping[str, Any], context: Mapping[str, str]) -> Any:
        self.asked.append((task, dict(question)))
        if task not in self.answers:
            raise UnavailableError("llm", "not there")
        return {"answer": self.answers[task], "by": "fake"}

    def ask_later(self, task: str, question: Mapping[str, Any], context: Mapping[str, str]) -> None:
        self.asked.append((task, dict(question)))
