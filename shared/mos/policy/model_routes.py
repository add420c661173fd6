"""The models and routes of a bundle, read. Pure."""

from pydantic import ValidationError

from mos.errors import BundleError
from mos.model.model_card import ModelCard
from mos.model.task_route import TaskRoute
from mos.policy.bundle.bundle import Bundle

MODELS, TASKS = "models", "tasks"
DAY_BUDGET = "llm_daily_budget_usd"


def model_file(name: str) -> str:
    """Return the page of a model."""
    return f"{MODELS}/{name}.toml"


def task_file(name: str) -> str:
    """Return the page of a task."""
    return f"{TASKS}/{name}.toml"


def read_cards(bundle: Bundle) -> dict[str, ModelCard]:
    """Return the cards of a bundle's models, by name.

    Raises:
        BundleError: a card is wrong.
    """
    return {card.name: card for card in bundle.nouns(ModelCard, MODELS)}


def read_routes(bundle: Bundle) -> dict[str, TaskRoute]:
    """Return every route as its page must be to be published, by task.

    Raises:
        BundleError: a page is wrong.
    """
    return {route.name: route for route in bundle.nouns(TaskRoute, TASKS)}


def find_route(task: str, bundle: Bundle) -> TaskRoute | None:
    """Return a task's route, also from a bundle of before; None where it has none.

    Raises:
        BundleError: the page is wrong.
    """
    file = task_file(task)
    if file not in bundle.files:
        return None
    try:
        return TaskRoute.model_validate({"name": task} | bundle.settings(file))
    except ValidationError as error:
        first = error.errors()[0]
        raise BundleError(file, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def read_day_budget(bundle: Bundle) -> float | None:
    """Return what all tasks may cost together in a day; None where the bundle does not say."""
    return bundle.number(DAY_BUDGET) if DAY_BUDGET in bundle.parameters else None
