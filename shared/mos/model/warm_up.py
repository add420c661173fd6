"""From when a sending domain warms up, as a provider's page states it."""

from datetime import date

SETTING = "warm_up"
"""The table of a provider's page that names each domain with its first day."""


def read_start(stated: object) -> date | None:
    """Return the first day of a warm-up; None where what is stated is no day.

    >>> read_start("2026-12-01"), read_start("soon")
    (datetime.date(2026, 12, 1), None)
    """
    try:
        return date.fromisoformat(str(stated).strip())
    except ValueError:
        return None
