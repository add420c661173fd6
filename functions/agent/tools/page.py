"""The log, the people or the reviews, page by page: for imports, previews and checks."""

import json
from collections.abc import Callable
from typing import Literal

from pydantic import Field

from functions.agent.tool import Answer, Desk, Tool
from mos.errors import MalformedError, RejectedError
from mos.model.base import Noun
from mos.model.view import Said
from mos.ports import Record

_TABLES = {"signals": "signals", "people": "identity", "reviews": "identity"}


_IS: dict[str, Callable[[Record], bool]] = {
    "signals": lambda _: True,
    "people": lambda record: record.sk == "PROFILE" and bool(record.body),
    "reviews": lambda record: record.pk == "REVIEW",
}


class HiddenError(RejectedError):
    """The pages hold personal data, and the agent may not see any."""

    reason = "forbidden"
    status = 403


class PageQuestion(Noun):
    """What to page through, and `after`: the last place of the page before."""

    of: Literal["signals", "people", "reviews"] = Field(description="What to page through.")
    after: str = Field(default="", description="The last place of the page before.")
    most: int = Field(default=1000, ge=1, le=2000, description="Records to look at.")


class PageAnswer(Noun):
    """The records' own texts, and `next`: empty when this was the last page."""

    bodies: tuple[str, ...]
    next: str


def run(question: PageQuestion, desk: Desk) -> Answer:
    """Return the next records, and `next`: empty when this was the last page.

    Raises:
        HiddenError: the agent's scope holds no personal data.
        MalformedError: `after` is no place that a page named.
    """
    if not desk.scope.personal_data:
        raise HiddenError("pages hold personal data, which this agent's scope does not")
    if not _is_place(question.after):
        raise MalformedError("page: after: this is no place of a page: give `next` as it came")
    table = desk.tables(_TABLES[question.of])
    records, place = table.page(question.after, question.most)
    found = tuple(record.body for record in records if _IS[question.of](record))
    said = Said.of(f"{len(found)} {question.of}", f"table {_TABLES[question.of]}")
    return Answer(PageAnswer(bodies=found, next=place or ""), (said,))


def _is_place(text: str) -> bool:
    try:
        place = json.loads(text) if text else ["", ""]
    except ValueError:
        return False
    is_pair = isinstance(place, list) and len(place) == len(("pk", "sk"))
    return is_pair and all(isinstance(one, str) for one in place)


TOOL = Tool(
    name="page",
    description="Page through the signal log or the people; for operators' bulk work.",
    arguments=PageQuestion,
    answer=PageAnswer,
    run=run,
    examples=({"of": "people"},),
    for_operators=True,
)
