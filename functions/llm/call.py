"""What a model is asked, and how it answers, whoever runs it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mos.model.completion import Reason
from mos.model.model_card import ModelCard


@dataclass(frozen=True)
class ModelCall:
    """One call. `messages` are the asker's and the model's in turn, the asker's first.

    `schema` is what the answer must fit, in the words that every provider takes.
    """

    card: ModelCard
    system: str
    messages: tuple[str, ...]
    schema: Mapping[str, Any]
    temperature: float = 0.0
    max_tokens: int = 300
    seconds: float = 8.0

    @property
    def tokens(self) -> int:
        """Return how many tokens it is taken to be: two bytes each, which few texts exceed."""
        said = (self.system, *self.messages, str(self.schema))
        return sum(len(text.encode()) for text in said) // 2 + 1


@dataclass(frozen=True)
class ModelReply:
    """What came back: JSON in `text` where the model answered, else why it did not.

    Counts are None where the provider gave none. `retry_after` is in how many seconds it says
    that it takes the next call.
    """

    reason: Reason
    text: str = ""
    detail: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int = 0
    retry_after: float | None = None


class Model(Protocol):
    """Whoever runs models."""

    def complete(self, call: ModelCall) -> ModelReply:
        """Return what came of one call: it raises nothing, whatever the provider does."""
        ...
