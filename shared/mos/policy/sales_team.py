"""Our reps as the bundle has them: where they sit, when they work, their pools. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from mos.errors import BundleError
from mos.model.base import Facts
from mos.policy.bundle.bundle import Bundle
from mos.policy.calendar import HoursError, WorkCalendar, read_hours, read_place

REPS, OFFICES, HOLIDAYS = "routing/reps", "routing/offices", "routing/holidays"
_KEPT = 16
_MAILBOX = re.compile(r"[^\s<>:,;\"]+@[^\s<>:,;\"@]+")
_USER, _SHORT, _LONG = "005", 15, 18
"""Salesforce's ids of users: the last three of eighteen signs say how the others are cased."""


@dataclass(frozen=True)
class Rep:
    """One of our reps. `team` is what a route leads to (`ae`, `bdr`), `crm` who they are in CRMs.

    `zone`, `hours` and `holidays` are their own where they differ from their office's.
    """

    name: str
    team: str = ""
    office: str = ""
    weight: float = 1.0
    capacity: float | None = None
    pools: tuple[str, ...] = ()
    crm: tuple[str, ...] = ()
    manager: str = ""
    zone: str = ""
    hours: str = ""
    holidays: str = ""


class SalesTeam:
    """The reps of a bundle."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self.reps = {rep.name: rep for rep in _read_reps(bundle)}
        self._by_crm = {
            form: rep.name
            for rep in self.reps.values()
            for known in (*rep.crm, *((rep.name,) if "@" in rep.name else ()))
            for form in _list_forms(known)
        }
        self._calendars: dict[str, WorkCalendar | None] = {}

    def find(self, name: str) -> Rep:
        """Return a rep; one whom the bundle does not know is a name and nothing else."""
        return self.reps.get(name) or Rep(name)

    def recognise(self, owner: str) -> str | None:
        """Return the rep whom a CRM's owner is: by our name for them, the CRM's id or a mailbox.

        A mailbox is theirs whatever its case, and whatever a mail program put around it.
        """
        said = owner.strip()
        if not self.reps or said in self.reps:
            return said or None
        if (ours := said.lower()) in self.reps:
            return ours
        if mailbox := _read_mailbox(said):
            return self._by_crm.get(mailbox)
        # An id that names its CRM is that CRM's: another one's of the same number is somebody else.
        forms = [form for form in _list_forms(said) if (":" in form) is (":" in said)]
        return next((self._by_crm[form] for form in forms if form in self._by_crm), None)

    def list_pool(self, pool: str, facts: Facts) -> list[str]:
        """Return who is in a pool: those whom a parameter of its name lists, else by their rows."""
        if pool in self._bundle.parameters:
            listed = self._bundle.resolve(pool, facts).value
            if isinstance(listed, list) and listed:
                return [str(one) for one in listed]
        return [rep.name for rep in self.reps.values() if pool in rep.pools]

    def find_calendar(self, name: str) -> WorkCalendar | None:
        """Return when a rep is at work; None where nobody has said.

        Raises:
            BundleError: their hours or zone cannot be read.
        """
        if name not in self._calendars:
            rep = self.find(name)
            self._calendars[name] = open_calendar(
                self._bundle, rep.office, zone=rep.zone, hours=rep.hours, holidays=rep.holidays
            )
        return self._calendars[name]


@lru_cache(maxsize=_KEPT)
def open_sales_team(bundle: Bundle) -> SalesTeam:
    """Return the reps of a bundle: read once."""
    return SalesTeam(bundle)


def open_calendar(
    bundle: Bundle, office: str, *, zone: str = "", hours: str = "", holidays: str = ""
) -> WorkCalendar | None:
    """Return when an office is at work, but for what is stated otherwise; None where it is not.

    Raises:
        BundleError: hours or zone cannot be read.
    """
    own: dict[str, object] = {}
    if office and OFFICES in bundle.names("tables"):
        own = dict(bundle.table(OFFICES).evaluate({"office.name": office}).output)
    zone, hours = zone or str(own.get("zone") or ""), hours or str(own.get("hours") or "")
    days_off = holidays or str(own.get("holidays") or "")
    if not zone or not hours:
        return None
    try:
        return WorkCalendar(
            read_place(zone),
            read_hours(hours),
            lambda day: bool(find_holiday(bundle, days_off, day)),
        )
    except HoursError as error:
        raise BundleError(f"tables/{OFFICES}.csv", str(error)) from None


def find_holiday(bundle: Bundle, calendar: str, day: date) -> str:
    """Return which holiday a day is in a calendar; nothing where it is none."""
    if not calendar or HOLIDAYS not in bundle.names("tables"):
        return ""
    asked: Facts = {"calendar.name": calendar, "run.date": int(day.strftime("%Y%m%d"))}
    return str(bundle.table(HOLIDAYS).evaluate(asked).output.get("name") or "")


def find_moment(facts: Facts) -> datetime | None:
    """Return when a run is, as its facts have it; None where they do not say."""
    day, hour = facts.get("run.date"), facts.get("run.hour")
    if not isinstance(day, int | float) or not isinstance(hour, int | float):
        return None
    try:
        midnight = datetime.strptime(str(int(day)), "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return midnight + timedelta(hours=float(hour))


def _read_mailbox(text: str) -> str:
    """Return the mailbox as which somebody is written, in small letters; nothing for an id.

    >>> _read_mailbox("Ida Marsh <Ida.Marsh@Firm.example>"), _read_mailbox("email:i@firm.example")
    ('ida.marsh@firm.example', 'i@firm.example')
    """
    found = _MAILBOX.search(text)
    return found.group().lower() if found else ""


def _list_forms(crm_id: str) -> list[str]:
    """Return the forms of a CRM's id for a user, the CRM's name before it or without.

    Of Salesforce's eighteen signs the first fifteen will do.

    >>> _list_forms("salesforce:005000000000001AAA")[1:3]
    ['salesforce:005000000000001', '005000000000001AAA']
    """
    if mailbox := _read_mailbox(crm_id):
        return [mailbox]
    system, mark, bare = crm_id.replace(" ", "").rpartition(":")
    ids = [bare, bare[:_SHORT]] if len(bare) == _LONG and bare.startswith(_USER) else [bare]
    named = [f"{system.lower()}:{one}" for one in ids] if mark else []
    return [*named, *ids]


def _read_reps(bundle: Bundle) -> Iterator[Rep]:
    if REPS not in bundle.names("tables"):
        return
    for row in bundle.page(REPS).rows:
        cell = row.when.get("rep.id")
        said = row.then
        capacity = said.get("capacity")
        for name in sorted(map(str, cell.any_of)) if cell else ():
            yield Rep(
                name=name,
                team=str(said.get("team") or ""),
                office=str(said.get("office") or ""),
                weight=float(said.get("weight", 1)),
                capacity=None if capacity is None else float(capacity),
                pools=tuple(map(str, said.get("pools") or ())),
                crm=tuple(map(str, said.get("crm") or ())),
                manager=str(said.get("manager") or ""),
                zone=str(said.get("zone") or ""),
                hours=str(said.get("hours") or ""),
                holidays=str(said.get("holidays") or ""),
            )
