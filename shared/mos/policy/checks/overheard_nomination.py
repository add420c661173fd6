"""Rows that let a nomination count for more than code allows, or for less than none. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.model.nomination import MOST_LIFT
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw
from mos.policy.nominate import TABLE


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield each row whose lift is out of its bounds.

    Raises:
        BundleError: the table is wrong.
    """
    if TABLE not in bundle.names("tables"):
        return
    page = bundle.page(TABLE)
    rows = [(row.id, row.then) for row in page.rows] + [("default", page.default)]
    for name, output in rows:
        lift = output.get("lift")
        if isinstance(lift, int | float) and not 0 <= lift <= MOST_LIFT:
            said = f"row {name}, lift: expected 0 to {MOST_LIFT:g}, found {lift:g}"
            yield Flaw(f"tables/{TABLE}.toml", said)


CHECK = Check("nomination", find)
