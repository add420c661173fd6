"""A task's route: which models are asked, in their order, with which words and for how much."""

from pydantic import Field

from mos.model.base import Stated


class TaskRoute(Stated):
    """One page of the bundle's `tasks` folder; its `models` are names of cards.

    `shadow` is a model that is asked the same for a share of the questions, without effect.
    `regions` are those in which alone the question may be read; without any, all are.
    A page of before that names a `provider` instead has no models: the fallback answers.
    """

    name: str
    why: str
    prompt: str
    models: tuple[str, ...] = ()
    temperature: float = Field(default=0, ge=0, le=2)
    max_tokens: int = Field(default=300, ge=1)
    timeout_seconds: float = Field(default=8, gt=0, le=40)
    daily_budget_usd: float = Field(default=1, ge=0, le=1_000_000)
    regions: tuple[str, ...] = ()
    shadow: str = ""
    shadow_share: float = Field(default=0, ge=0, le=1)
