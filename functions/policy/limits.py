"""The caps that hold for a group and for its people. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from mos.model.base import Facts
from mos.model.decision import PersonFacts
from mos.model.limit import CALENDAR, Limit, RecipientCalendar, Window
from mos.policy.bundle.bundle import Bundle
from mos.policy.local_calendar import find_calendar
from mos.policy.table.condition import holds
from mos.policy.table.table import Row

TABLE = "contact/limits"
_PERSON, _COUNTRY = "person.", "person.country"
_HOURS = {Window.DAY: 24, Window.WEEK: 168}


def limits_of(facts: Facts, people: Iterable[PersonFacts], bundle: Bundle) -> tuple[Limit, ...]:
    """Return the caps on touches that hold for a group, and those that hold for some of its people.

    A row that asks about a person holds for everybody who may be meant: what is not known of them
    keeps no cap away. Their country is their company's where they have said none.
    """
    page = bundle.table_for(TABLE, facts).value
    answer = bundle.table(page).evaluate(facts)
    found = [make_limit(row) for row in answer.rows if not is_personal(row)]
    members = list(people)
    for row in filter(is_personal, bundle.page(page).rows):
        own = tuple(p.person_id for p in members if may_hold(row, facts, p.facts))
        if own:
            found.append(make_limit(row, () if len(own) == len(members) else own))
    return tuple(found)


def make_limit(row: Row, people: tuple[str, ...] = ()) -> Limit:
    """Return the cap that a row states."""
    window = Window(row.then.get("window") or Window.ROLLING)
    hours = row.then["hours"] if window is Window.ROLLING else _HOURS[window]
    return Limit(
        scope=row.then["scope"],
        channel=row.then["channel"],
        at_most=row.then["at_most"],
        window_hours=hours,
        row=row.id,
        window=window,
        people=people,
    )


def is_personal(row: Row) -> bool:
    """Say whether a row asks about a person."""
    return any(name.startswith(_PERSON) for name in row.when)


def may_hold(row: Row, group: Facts, person: Facts) -> bool:
    """Say whether a row holds for somebody, or may: the group's facts must be known."""
    own = person | {_COUNTRY: read_country_of(group, person)}
    return all(
        holds(cell, own.get(name)) is not False
        if name.startswith(_PERSON)
        else holds(cell, group.get(name)) is True
        for name, cell in row.when.items()
    )


def read_country_of(group: Facts, person: Facts) -> str | None:
    """Return somebody's country, else their company's; None where neither is known."""
    said = (
        person.get(_COUNTRY),
        person.get("person.company_country"),
        group.get("account.country"),
    )
    return next((str(one) for one in said if one is not None), None)


def find_calendars(
    limits: Iterable[Limit],
    facts: Facts,
    people: Iterable[PersonFacts],
    at: datetime,
) -> Mapping[str, RecipientCalendar]:
    """Return the days and weeks of each person, where some cap counts in those."""
    asked = {limit.window for limit in limits if limit.window in CALENDAR}
    if not asked:
        return {}
    company = {"account.country": facts.get("account.country")}
    return {p.person_id: find_calendar(company | p.facts, sorted(asked), at) for p in people}
