"""A task's models are there, and each may be asked it. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from mos import plugins, tasks
from mos.model.model_card import ModelCard
from mos.model.task import Task
from mos.model.task_route import TaskRoute
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw
from mos.policy.model_routes import model_file, read_cards, read_routes, task_file
from mos.policy.model_use import CallSituation, may


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield models that are nowhere, and those that lack what their task needs, by its name.

    Raises:
        BundleError: a page of a model or a task is wrong.
    """
    known = {task.name: task for task in plugins.discover(tasks, "TASK", Task).values()}
    cards = read_cards(bundle)
    for route in read_routes(bundle).values():
        if route.prompt not in bundle.files:
            yield Flaw(task_file(route.name), f"prompt: there is no {route.prompt}")
        if route.name not in known:
            yield Flaw(task_file(route.name), f"there is no task {route.name}")
            continue
        yield from _find_misroutes(known[route.name], route, cards)


def _find_misroutes(task: Task, route: TaskRoute, cards: Mapping[str, ModelCard]) -> Iterator[Flaw]:
    file = task_file(route.name)
    situation = CallSituation(
        output=route.max_tokens, seconds=route.timeout_seconds, regions=route.regions
    )
    asked = {"models": route.models, "shadow": (route.shadow,) if route.shadow else ()}
    for place, names in asked.items():
        for name in names:
            if name not in cards:
                yield Flaw(file, f"{place}: there is no {model_file(name)}")
                continue
            for lack in may(task, cards[name], situation).lacks:
                yield Flaw(file, f"{place}: {name} lacks {lack}")
    if bool(route.shadow) is not bool(route.shadow_share):
        yield Flaw(file, "shadow and shadow_share belong together")
    if len(set(route.models)) < len(route.models):
        yield Flaw(file, "models: one stands twice")


CHECK = Check("unfit_model", find)
