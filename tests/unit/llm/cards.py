"""Cards, routes and models for the tests of this layer."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from functions.llm.ask import Room, TaskQuestion, ask
from functions.llm.budget import Budget
from functions.llm.call import ModelCall, ModelReply
from functions.llm.repository import Breakers
from mos.memory.table import FakeTable
from mos.model.completion import Completion, Reason
from mos.model.model_card import ModelCard
from mos.model.task import Task
from mos.model.task_route import TaskRoute

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def card(name: str = "m", **changes: Any) -> ModelCard:
    said: dict[str, Any] = {
        "name": name, "why": "Of this test.", "provider": "openai", "model": name,
        "runs": "external", "by_schema": "native", "context": 100_000, "output": 4_000,
        "seconds": 5, "data": ("public", "internal", "personal"), "usd_in": 1, "usd_out": 4,
        "usd_cached": 0.1, "retention_days": 0, "trains": False, "review_by": date(2027, 5, 1),
    }  # fmt: skip
    return ModelCard.model_validate(said | changes)


def route(*models: str, **changes: Any) -> TaskRoute:
    said = {"name": "t", "why": "Of this test.", "prompt": "p.md", "models": models or ("m",),
            "max_tokens": 400, "timeout_seconds": 8, "daily_budget_usd": 1}  # fmt: skip
    return TaskRoute.model_validate(said | changes)


def said(text: str, **changes: Any) -> ModelReply:
    return ModelReply(**{"reason": Reason.ANSWERED, "text": text, "tokens_in": 100,
                         "tokens_out": 50} | changes)  # fmt: skip


class ScriptedModel:
    """Says what it was told to, in order, by whom is asked; keeps each call."""

    def __init__(self, *says: ModelReply | Callable[[ModelCall], ModelReply]) -> None:
        self.says = list(says)
        self.calls: list[ModelCall] = []

    def complete(self, call: ModelCall) -> ModelReply:
        self.calls.append(call)
        one = self.says.pop(0)
        return one(call) if callable(one) else one


class Clock:
    """Seconds that pass only when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def budget(table: FakeTable, usd: float = 1.0, **more: float) -> Budget:
    return Budget(table, "2026-11-30", {"t": usd, **more}, 0)


def put(
    task: Task,
    question: Mapping[str, Any],
    model: ScriptedModel,
    *cards: ModelCard,
    table: FakeTable | None = None,
    clock: Clock | None = None,
    now: datetime = NOON,
    usd: float = 1.0,
    **changes: Any,
) -> Completion:
    """Put a question to cards in their order."""
    table, cards = table if table is not None else FakeTable(), cards or (card(),)
    room = Room(model, budget(table, usd), Breakers(table, now), clock or Clock(), 40)
    asked = TaskQuestion.of(task, question, route(*(c.name for c in cards), **changes), "prompt")
    return ask(asked, {one.name: one for one in cards}, room)
