"""Zones in which it is never day at once: who may be in any of them would never hear. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from mos.model.action import ActionClass
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import WARNING, Check, Flaw
from mos.policy.fact_values import listed
from mos.policy.quiet import ELSEWHERE, find_quiet_end, list_quiet_channels
from mos.policy.zone import open_zone

_SEASONS = (timedelta(0), timedelta(days=182))
_LONGEST = timedelta(days=8)
"""No holidays are so long: whoever still waits then waits for ever."""


def find(bundle: Bundle, today: date) -> Iterator[Flaw]:
    """Yield each zone that there is none of, and each channel that the zones leave no hour.

    Asked for today and for the other half of the year: clocks change.
    """
    for name in listed(ELSEWHERE, bundle):
        if open_zone(name) is None:
            yield Flaw(
                "parameters", f"{ELSEWHERE}: {name!r} is no time zone, such as Europe/Berlin"
            )
    start = datetime.combine(today, time(12), UTC)
    for channel in list_quiet_channels(bundle):
        for later in _SEASONS:
            at = start + later
            end = find_quiet_end({}, channel, ActionClass.DEFAULT, at, bundle)
            if end and end - at > _LONGEST:
                said = f"{ELSEWHERE}: it is never day in all of these at once around {at:%Y-%m-%d}"
                yield Flaw("parameters", f"{said}: no {channel} would leave", WARNING)


CHECK = Check("night", find)
