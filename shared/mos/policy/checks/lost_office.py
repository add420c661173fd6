"""Reps, offices, absences, holidays and named accounts can be found as they are written. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from mos.errors import BundleError
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import WARNING, Check, Flaw
from mos.policy.sales_team import HOLIDAYS, OFFICES, REPS, open_calendar, open_sales_team
from mos.vocabulary.company_host import find_site_company

_DAY = re.compile(r"\d{8}")
_AWAY, _NAMED, _REGIONS = (
    "routing/out_of_office", "routing/named_accounts", "routing/regions",
)  # fmt: skip


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield what leads nowhere: an office, a calendar, a rep, a day, a website."""
    offices = _cells(bundle, OFFICES, "office.name")
    yield from _reps(bundle, offices)
    if offices:
        for row in bundle.page(_REGIONS).rows if _has(bundle, _REGIONS) else ():
            office = row.then.get("office")
            if office and office not in offices:
                yield Flaw(f"tables/{_REGIONS}.toml", f"row {row.id}: {office} is not in {OFFICES}")
    yield from _days(bundle)
    yield from _domains(bundle)


def _reps(bundle: Bundle, offices: set[str]) -> Iterator[Flaw]:
    team, calendars = open_sales_team(bundle), _cells(bundle, HOLIDAYS, "calendar.name")
    for rep in team.reps.values():
        if rep.office and offices and rep.office not in offices:
            yield Flaw(f"tables/{REPS}.csv", f"{rep.name}: {rep.office} is not in {OFFICES}")
        if rep.holidays and rep.holidays not in calendars:
            yield Flaw(f"tables/{REPS}.csv", f"{rep.name}: {rep.holidays} is not in {HOLIDAYS}")
    for row in bundle.page(OFFICES).rows if offices else ():
        kept = row.then.get("holidays")
        if kept and kept not in calendars:
            yield Flaw(f"tables/{OFFICES}.csv", f"row {row.id}: {kept} is not in {HOLIDAYS}")
    known = Counter(one for rep in team.reps.values() for one in rep.crm)
    twice = sorted(one for one, count in known.items() if count > 1)
    yield from (Flaw(f"tables/{REPS}.csv", f"{one} is the id of two reps") for one in twice)
    for name in sorted(_cells(bundle, _AWAY, "rep.id") - set(team.reps)) if team.reps else ():
        yield Flaw(f"tables/{_AWAY}.csv", f"{name} is not in {REPS}")
    yield from _hours(bundle, offices)


def _hours(bundle: Bundle, offices: set[str]) -> Iterator[Flaw]:
    """Yield hours and zones that nobody can read."""
    team = open_sales_team(bundle)
    for name in [*team.reps, *sorted(offices)]:
        try:
            if name in team.reps:
                team.find_calendar(name)
            else:
                open_calendar(bundle, name)
        except BundleError as error:
            yield Flaw(error.file, f"{name}: {error.detail}")


def _days(bundle: Bundle) -> Iterator[Flaw]:
    """Yield holidays on days that no calendar has."""
    for row in bundle.page(HOLIDAYS).rows if _has(bundle, HOLIDAYS) else ():
        cell = row.when.get("run.date")
        for day in _DAY.findall(str(cell.said)) if cell else ():
            try:
                date(int(day[:4]), int(day[4:6]), int(day[6:]))
            except ValueError:
                yield Flaw(f"tables/{HOLIDAYS}.csv", f"row {row.id}: {day} is no day")


def _domains(bundle: Bundle) -> Iterator[Flaw]:
    """Yield named accounts that are not written as a company's domain: they would match nobody."""
    for name in sorted(_cells(bundle, _NAMED, "account.domain")):
        own = find_site_company(name)
        if own != name:
            hint = f": write {own}" if own else ""
            yield Flaw(
                f"tables/{_NAMED}.csv", f"{name} is not a company's own domain{hint}", WARNING
            )


def _cells(bundle: Bundle, table: str, column: str) -> set[str]:
    if not _has(bundle, table):
        return set()
    rows = bundle.page(table).rows
    return {str(v) for row in rows if column in row.when for v in row.when[column].any_of}


def _has(bundle: Bundle, table: str) -> bool:
    return table in bundle.names("tables")


CHECK = Check("office", find)
