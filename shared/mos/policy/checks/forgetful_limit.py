"""What a cap on touches may ask of the past: no more than is kept of it. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.model.decision import HORIZON
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw

TABLE = "contact/limits"


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield each cap whose window is longer than touches are kept."""
    if TABLE not in bundle.names("tables"):
        return
    most = HORIZON.total_seconds() / 3600
    for name in (TABLE, *bundle.variants.get(TABLE, ())):
        page = bundle.page(name)
        for row in page.rows:
            hours = row.then.get("hours")
            if hours is not None and hours > most:
                kept = f"touches are kept for {HORIZON.days} days: say at most {most:g}"
                yield Flaw(page.file, f"row {row.id}: {hours:g} hours; {kept}")


CHECK = Check("limit", find)
