"""What was asked of models lately: the lines that the llm layer lists by the day."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from functions.agent.tool import Desk
from mos.model.completion import Attempt, CompletionLine, list_places

_MOST_BY_PLACE = 500
"""How many completions of a sixteenth of a day are looked at."""


def list_lines(days: int, desk: Desk) -> tuple[list[CompletionLine], bool]:
    """Return the completions of the last days, newest first, and whether these are all of them."""
    table, lines, complete = desk.tables("completions"), list[CompletionLine](), True
    since = desk.now - timedelta(days=days)
    for back in range(days + 1):
        for place in list_places(desk.now - timedelta(days=back)):
            found = table.query(place, newest_first=True, limit=_MOST_BY_PLACE)
            complete = complete and len(found) < _MOST_BY_PLACE
            lines += [CompletionLine.parse(record.body) for record in found]
    lines = [line for line in lines if line.at > since]
    return sorted(lines, key=lambda one: (one.at, one.completion_id), reverse=True), complete


def list_attempts(line: CompletionLine) -> Iterator[tuple[Attempt, bool]]:
    """Yield each attempt of a completion, and whether it was a shadow's."""
    yield from ((attempt, False) for attempt in line.attempts)
    yield from ((attempt, True) for attempt in line.shadow)


Shares = list[tuple[str, float]]
"""Whom a completion is charged to, and which share of it each bears."""


def _share_people(line: CompletionLine) -> Shares:
    people = line.people or ("nobody named",)
    return [(person, 1 / len(people)) for person in people]


SHARES: dict[str, Callable[[CompletionLine], Shares]] = {
    "task": lambda line: [(line.task, 1.0)],
    "day": lambda line: [(f"{line.at:%Y-%m-%d}", 1.0)],
    "decision": lambda line: [(line.cause or "no decision", 1.0)],
    "person": _share_people,
}
"""By what a whole completion is charged; by model, each attempt is."""
