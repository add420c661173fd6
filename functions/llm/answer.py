"""Answer a question once: look whether it was answered, ask, keep, give back with its names.

Pure but for the table and the models that it is given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from functions.llm.ask import Room, TaskQuestion, ask, ask_shadow
from functions.llm.budget import Budget, budgets_of
from functions.llm.call import Model
from functions.llm.redact import restored
from functions.llm.repository import Breakers, Completions
from mos.model.base import canonical, derive_id, point
from mos.model.completion import Completion, CompletionLine
from mos.model.data_class import DataClass
from mos.model.model_card import ModelCard
from mos.model.task import Task
from mos.model.task_route import TaskRoute
from mos.policy.bundle.bundle import Bundle
from mos.policy.mandates import read_mandates
from mos.policy.model_routes import find_route, read_cards, read_day_budget
from mos.ports import Table


@dataclass(frozen=True)
class Asking:
    """A question as it comes in: what for, about whom, for which agent, and how long one waits."""

    task: Task
    question: Mapping[str, Any]
    now: datetime
    expires_at: int
    elapsed: Callable[[], float]
    cause: str = ""
    decision_id: str = ""
    people: tuple[str, ...] = ()
    agent: str = ""
    data: DataClass = DataClass.PUBLIC
    seconds: float = 40.0

    def name_in(self, bundle: Bundle) -> str:
        """Return the completion's id: the same question for the same cause has the same."""
        said = canonical(dict(self.question))
        return derive_id("cmp", self.task.name, self.cause, bundle.digest, said)


def answer(asking: Asking, bundle: Bundle, table: Table, model: Model) -> Completion:
    """Return the answer to a question, and keep it without the names that it holds.

    Raises:
        BundleError: the bundle's page of the task, or of a model, is wrong.
        ValidationError: the question is none of this task's.
    """
    completion_id = asking.name_in(bundle)
    route = find_route(asking.task.name, bundle) or TaskRoute(
        name=asking.task.name, why="the bundle has no page of it", prompt=""
    )
    prompt = bundle.text(route.prompt) if route.prompt else ""
    question = TaskQuestion.of(asking.task, asking.question, route, prompt, asking.data)
    kept = Completions(table)
    done = kept.find(completion_id)
    if done is None:
        cards = read_cards(bundle)
        room = _open_room(asking, route, bundle, table, model)
        given = ask(question, cards, room)
        if is_drawn(route, completion_id) and room.left >= 2 * route.timeout_seconds:
            given = _shadow(asking, question, cards, room, given, table)
        done = kept.save(given, _line(asking, given, completion_id), asking.expires_at)
    return done.model_copy(update={"answer": restored(done.answer, question.names)})


def _open_room(
    asking: Asking, route: TaskRoute, bundle: Bundle, table: Table, model: Model
) -> Room:
    agents = read_mandates(bundle) if asking.agent else {}
    agent_usd = agents[asking.agent].dollars_per_day if asking.agent in agents else 0.0
    caps = budgets_of(
        asking.task.name, route.daily_budget_usd, read_day_budget(bundle), asking.agent, agent_usd
    )
    purse = Budget(table, f"{asking.now:%Y-%m-%d}", caps, asking.expires_at)
    return Room(model, purse, Breakers(table, asking.now), asking.elapsed, asking.seconds)


def is_drawn(route: TaskRoute, completion_id: str) -> bool:
    """Say whether a question is among those that a shadow is asked, too: always or never."""
    return bool(route.shadow) and point("shadow", completion_id) < route.shadow_share


def _shadow(
    asking: Asking,
    question: TaskQuestion,
    cards: Mapping[str, ModelCard],
    room: Room,
    given: Completion,
    table: Table,
) -> Completion:
    """Return an answer with a shadow's beside it.

    It is paid from a budget of its own, the same share of the task's, and asked only where as
    long is left as it may take: whoever asked first loses nothing but that time.
    """
    route = question.route
    if route.shadow not in cards:
        return given
    caps = {f"shadow of {route.name}": route.daily_budget_usd * route.shadow_share}
    purse = Budget(table, f"{asking.now:%Y-%m-%d}", caps, asking.expires_at)
    beside = ask_shadow(question, cards[route.shadow], replace(room, purse=purse), given)
    return given.model_copy(update={"shadow": beside})


def _line(asking: Asking, given: Completion, completion_id: str) -> CompletionLine:
    return CompletionLine(
        completion_id=completion_id,
        task=given.task,
        by=given.by,
        at=asking.now,
        cause=asking.decision_id,
        people=asking.people,
        agent=asking.agent,
        attempts=given.attempts,
        shadow=given.shadow.attempts if given.shadow else (),
    )
