"""What a model says, before any provider has put it on the wire."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Mode(StrEnum):
    """How a request asks for its answer."""

    SCHEMA = "schema"
    TOOL = "tool"
    JSON = "json"
    TEXT = "text"


class End(StrEnum):
    """Why a model stopped."""

    DONE = "done"
    LENGTH = "length"
    WINDOW = "window"
    REFUSAL = "refusal"
    FILTER = "filter"
    PAUSE = "pause"
    BROKEN_CALL = "broken_call"
    UNHEARD_OF = "unheard_of"


class Hole(StrEnum):
    """What an answer leaves out."""

    NONE = ""
    CHOICES = "choices"
    CONTENT = "content"
    PARTS = "parts"
    NULL = "null"


class Trouble(StrEnum):
    """What a provider answers in the place of a model."""

    NONE = ""
    RATE = "rate"
    QUOTA = "quota"
    CREDIT = "credit"
    KEY = "key"
    MODEL = "model"
    PARAMETER = "parameter"
    LARGE = "large"
    SERVER = "server"
    OVERLOADED = "overloaded"


@dataclass(frozen=True)
class Saying:
    """One answer: words, a tool's arguments as text, why it ended, what is missing or in the way.

    `thought` is a block of thinking that comes first; `status` stands in for the trouble's own.
    `raw` is sent as it is; one that is `cut` ends before its end, one that `drips` takes seconds
    to come; `location` is where it points to.
    """

    mode: Mode = Mode.TEXT
    text: str | None = None
    calls: tuple[tuple[str, str], ...] = ()
    end: End = End.DONE
    hole: Hole = Hole.NONE
    thought: str | None = None
    refusal: str = ""
    usage: str = "full"
    trouble: Trouble = Trouble.NONE
    status: int = 0
    retry_after: str = ""
    raw: bytes | None = None
    content_type: str = "application/json"
    cut: bool = False
    drips: bool = False
    location: str = ""
    seconds: float = 0.0

    def put(self, answer: str) -> "Saying":
        """Return it with another answer in its place: a tool's arguments, or text."""
        if self.mode is Mode.TOOL:
            return replace(self, calls=((self.calls[0][0], answer),))
        return replace(self, text=answer)


def say_well(answer: str, mode: Mode, tool: str) -> Saying:
    """Return an answer as it is asked for."""
    if mode is Mode.TOOL:
        return Saying(mode, calls=((tool, answer),))
    return Saying(mode, text=answer)
