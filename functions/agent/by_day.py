"""Decisions by the day on which they were made: of everybody, the newest first."""

from datetime import datetime, timedelta

from functions.agent.tool import Desk
from mos.model.decision import Decision, days_places

_MOST_BY_PLACE, _MOST_BY_DAY = 40, 500
"""How many decisions of one place of a day, and of all, are looked at."""


def list_by_day(since: datetime, desk: Desk) -> tuple[list[Decision], bool]:
    """Return the decisions since a moment, newest first, and whether these are all of them."""
    table, keys, complete = desk.tables("decisions"), dict[tuple[str, str], str](), True
    day = desk.now
    while day.date() >= since.date() and len(keys) < _MOST_BY_DAY:
        for place in days_places(day):
            found = table.query(place, newest_first=True, limit=_MOST_BY_PLACE)
            complete = complete and len(found) < _MOST_BY_PLACE
            keys |= {(f"DECISION#{r.tags['decision']}", "DECISION"): r.sk for r in found}
        day -= timedelta(days=1)
    complete = complete and len(keys) < _MOST_BY_DAY
    newest = sorted((k for k, sk in keys.items() if sk >= since.isoformat()), key=keys.__getitem__)
    newest = newest[::-1][:_MOST_BY_DAY]
    held = table.get_many(newest) if newest else {}
    return [Decision.parse(held[key].body) for key in newest if key in held], complete
