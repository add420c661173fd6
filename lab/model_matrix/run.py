"""Ask one question of every adapter, in every mood, through its real client over HTTP."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from functions.llm.ask import Room, TaskQuestion, ask
from functions.llm.budget import Budget
from functions.llm.models.routed import RoutedModels
from functions.llm.repository import Breakers
from lab.fakes import providers
from lab.fakes.provider import Provider
from lab.fakes.server import Desk, serve_desk
from mos import plugins
from mos.memory.table import FakeTable
from mos.model.completion import Completion
from mos.model.model_card import ModelCard
from mos.model.task import Task
from mos.model.task_route import TaskRoute
from mos.tasks.draft_email import TASK

_SECONDS = 2.0
_BUDGET = 50.0
_NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
BRIEF = {
    "template": "Hello {first_name}, this is for you: {link}", "subject": "A guide for you",
    "first_name": "Zuleika", "company": "Acme", "interest": "security", "role": "champion",
    "link": "https://x.example/go", "signature": "The team",
}  # fmt: skip
PROMPT = "Draft one short mail. Answer with JSON."


@dataclass(frozen=True)
class Row:
    """How one adapter came through one mood."""

    card: str
    mood: str
    by: str
    reasons: tuple[str, ...]
    usd: float
    spent: float
    breaker: str
    seconds: float
    answer: dict[str, Any]
    detail: tuple[str, ...]


class Bench:
    """The fakes on loopback, and a question that is asked of one model at a time."""

    def __init__(self, desk: Desk, base: str) -> None:
        self.desk, self.base = desk, base
        self.models = RoutedModels(keys=lambda _: ("secret-of-a-test",))

    def ask(self, card: ModelCard, task: Task = TASK, seconds: float = _SECONDS) -> Row:
        """Return what came of the question."""
        table, began = FakeTable(), time.monotonic()
        route = TaskRoute(name=task.name, why="Tried.", prompt="p.md", models=(card.name,),
                          max_tokens=400, timeout_seconds=seconds,
                          daily_budget_usd=_BUDGET)  # fmt: skip
        purse = Budget(table, f"{_NOW:%Y-%m-%d}", {task.name: _BUDGET}, 0)
        room = Room(self.models, purse, Breakers(table, _NOW), lambda: time.monotonic() - began)
        # The library may answer later than it was told to: this is no test of its clock.
        question = TaskQuestion.of(task, BRIEF, route, PROMPT)
        done = ask(question, {card.name: card.model_copy(update={"seconds": seconds})}, room)
        broken = next((r.body for r in table.scan() if r.pk.startswith("BREAKER#")), "")
        spent = purse.spent(task.name) / 1_000_000
        return _row(card, done, spent, broken, time.monotonic() - began)


def _row(card: ModelCard, done: Completion, spent: float, broken: str, seconds: float) -> Row:
    return Row(
        card=card.name,
        mood="",
        by=done.by,
        reasons=tuple(str(one.reason) for one in done.attempts),
        usd=sum(one.usd for one in done.attempts),
        spent=spent,
        breaker=broken,
        seconds=round(seconds, 2),
        answer=done.answer,
        detail=tuple(one.detail for one in done.attempts),
    )


@contextmanager
def open_bench(folder: Path, desk: Desk | None = None) -> Iterator[Bench]:
    """Serve the fakes, and point every provider at its own."""
    desk = desk or Desk(folder)
    server = serve_desk(0, desk)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    for name, fake in plugins.discover(providers, "PROVIDER", Provider).items():
        os.environ[f"MOS_PROVIDER_{name.upper()}"] = f"{base}/{name}{fake.path}"
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "AKIAFAKE",
        "AWS_SECRET_ACCESS_KEY": "fake",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    try:
        yield Bench(desk, base)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def try_moods(
    bench: Bench, cards: Sequence[ModelCard], moods: Sequence[str], say: Callable[[Row], None]
) -> None:
    """Try each card in each mood: both attempts meet it."""
    for card in cards:
        for mood in moods:
            bench.desk.forget(card.provider)
            bench.desk.order(card.provider, f"mood {mood}", 2)
            row = bench.ask(card)
            say(Row(**{**row.__dict__, "mood": mood}))
        bench.desk.forget(card.provider)
