"""Parameters whose review is due. Pure: the day is an argument."""

from collections.abc import Iterator
from datetime import date

from mos.policy.bundle.bundle import Bundle
from mos.policy.check import WARNING, Check, Flaw


def find(bundle: Bundle, today: date) -> Iterator[Flaw]:
    """Yield the parameters whose review is due, the oldest first.

    Raises:
        BundleError: a page of parameters is wrong.
    """
    due = (p for p in bundle.parameters.values() if p.review_by < today)
    for one in sorted(due, key=lambda p: (p.review_by, p.name)):
        said = f"{one.name} was due for review by {one.owner} on {one.review_by}"
        yield Flaw("parameters", said, WARNING)


CHECK = Check("stale", find)
