"""What learning works with: its own table, and the bundles by which touches were decided."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.learning.enrolments import Enrolments
from functions.learning.outcomes import Outcomes
from functions.learning.repository import Lessons
from mos.policy.bundle.bundle import Bundle
from mos.ports import Table


@dataclass(frozen=True)
class Study:
    """The layer's stores; `find` has a bundle by its digest, `active` the one that holds now.

    `now` is when something is written, whenever it happened.
    """

    table: Table
    find: Callable[[str], Bundle]
    active: Callable[[], Bundle]
    now: datetime

    @property
    def lessons(self) -> Lessons:
        """Return touches, credits and arms."""
        return Lessons(self.table, self.now)

    @property
    def outcomes(self) -> Outcomes:
        """Return outcomes by account."""
        return Outcomes(self.table)

    @property
    def enrolments(self) -> Enrolments:
        """Return who is compared with whom."""
        return Enrolments(self.table)
