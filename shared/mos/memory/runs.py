"""Executions that wait, in memory."""

from collections.abc import Mapping
from typing import Any


class FakeRuns:
    """The `Runs` port. A token is answered once: what it waited for is then over."""

    def __init__(self, *tokens: str) -> None:
        self.waiting = set(tokens)
        self.answers: dict[str, dict[str, Any]] = {}

    def answer(self, token: str, said: Mapping[str, Any]) -> bool:
        if token not in self.waiting:
            return False
        self.waiting.remove(token)
        self.answers[token] = dict(said)
        return True
