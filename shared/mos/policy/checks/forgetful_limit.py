"""What caps and repeats may ask of the past: no more than is kept of it. Pure."""

from collections.abc import Iterator
from datetime import date
from math import isfinite

from mos.model.decision import HORIZON, REPEATS_KEPT
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw

TABLE, GATE = "contact/limits", "gates/contact_policy"
_REPEATS = (
    "action.hours_since_same",
    *(f"{level}.hours_since_{what}"
      for level in ("person", "group", "account") for what in ("handoff", "taken_back")),
)  # fmt: skip


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield each cap and each row on repeats whose window is longer than the past is kept."""
    yield from _find_caps(bundle)
    yield from _find_repeats(bundle)


def _find_repeats(bundle: Bundle) -> Iterator[Flaw]:
    most = REPEATS_KEPT.total_seconds() / 3600
    for row in bundle.page(GATE).rows if GATE in bundle.names("tables") else ():
        for name in _REPEATS:
            cell = row.when.get(name)
            ends = [high for _, high, *_ in cell.intervals if isfinite(high)] if cell else []
            if ends and max(ends) > most:
                kept = f"it is kept for {REPEATS_KEPT.days} days: say at most {most:g}"
                yield Flaw(bundle.page(GATE).file, f"row {row.id}: {max(ends):g} hours; {kept}")


def _find_caps(bundle: Bundle) -> Iterator[Flaw]:
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
