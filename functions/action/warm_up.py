"""How many mails of a day a domain sends that is still warming up, by `contact/warm_up`. Pure.

The day is a UTC one, and is counted per provider and domain. A domain warms up from the day that
`[warm_up]` of its provider's page states for it; one that is not stated there is not limited.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from mos.model.base import point
from mos.model.warm_up import SETTING, read_start
from mos.policy.bundle.bundle import Bundle

TABLE = "contact/warm_up"
_AT_MOST, _NUMBER, _ROW = "warm_up_at_most", "warm_up_day", "warm_up_row"
_SPREAD = timedelta(hours=12)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WarmUp:
    """What a domain may send on one day of its warm-up; on a day before it begins, nothing."""

    domain: str
    day: date
    number: int
    at_most: int
    row: str

    @property
    def place(self) -> str:
        """Return where its mails of the day are counted."""
        return f"{self.domain}#{self.day.isoformat()}"

    @property
    def words(self) -> str:
        """Return why a mail waits."""
        if self.number < 1:
            return f"{self.domain} sends nothing before its warm-up begins: its provider's page"
        return (
            f"{self.domain} warms up, day {self.number}: {self.at_most} mails a day "
            f"({TABLE}#{self.row})"
        )


def add_warm_up(
    settings: Mapping[str, str], provider: str, bundle: Bundle, now: datetime
) -> dict[str, str]:
    """Return a provider's settings with what its domain may send today, where that is limited."""
    domain = find_domain(settings)
    stated = settings.get(f"{SETTING}.{domain}")
    if stated is None or TABLE not in bundle.names("tables"):
        return dict(settings)
    start = read_start(stated)
    number = (now.astimezone(UTC).date() - start).days + 1 if start else 0
    asked = {"sender.provider": provider, "sender.domain": domain, "sender.day": max(number, 1)}
    answer = bundle.table(TABLE).evaluate(asked)
    said = answer.output.get("at_most")
    if said is None and number >= 1:
        return dict(settings)
    at_most = 0 if number < 1 or said is None else int(said)
    row = str(answer.row_id)
    return {**settings, _AT_MOST: str(at_most), _NUMBER: str(number), _ROW: row}


def find_warm_up(settings: Mapping[str, str], now: datetime) -> WarmUp | None:
    """Return what is allowed today, as `add_warm_up` noted it; None where nothing is limited."""
    if _AT_MOST not in settings:
        return None
    return WarmUp(
        domain=find_domain(settings),
        day=now.astimezone(UTC).date(),
        number=int(settings[_NUMBER]),
        at_most=int(settings[_AT_MOST]),
        row=settings[_ROW],
    )


def find_next_day(action_id: str, holds: int, expires_at: datetime, now: datetime) -> datetime:
    """Return a moment of the next day: not all that waited leaves in its first second.

    It lies in the first twelve hours, and in the first half of what is left until it is too late.
    """
    midnight = datetime.combine(now.astimezone(UTC).date() + _DAY, time(), UTC)
    left = max(timedelta(), expires_at - midnight) / 2
    return midnight + min(_SPREAD, left) * point("warm_up", action_id, str(holds))


def find_domain(settings: Mapping[str, str]) -> str:
    """Return from which domain mails come; empty where the provider sends none."""
    return settings.get("mail_from", "").rpartition("@")[2].lower()
