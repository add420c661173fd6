"""A check: one thing that a bundle must not hold, in one file of `checks/` named by it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mos.policy.bundle.bundle import Bundle

ERROR, WARNING, NOTE = "error", "warning", "note"
"""Only errors keep a bundle from being published."""
Finding = dict[str, Any]
"""A flaw as it is printed: `level`, `kind`, `file`, `detail`; where they help `rows`, `lead`."""


@dataclass(frozen=True)
class Flaw:
    """Where in a bundle something is wrong, and what; `lead` is a case that shows it."""

    file: str
    detail: str
    level: str = ERROR
    kind: str = ""
    rows: tuple[str, ...] = ()
    lead: dict[str, Any] | None = None


@dataclass(frozen=True)
class Check:
    """`find` yields the flaws of one `kind`; what it cannot read it raises as a `BundleError`."""

    kind: str
    find: Callable[[Bundle, date], Iterable[Flaw]] = field(repr=False)

    def run(self, bundle: Bundle, today: date) -> list[Finding]:
        """Return the flaws of a bundle as they are printed."""
        return [self._printed(flaw) for flaw in self.find(bundle, today)]

    def _printed(self, flaw: Flaw) -> Finding:
        found: Finding = {
            "level": flaw.level,
            "kind": flaw.kind or self.kind,
            "file": flaw.file,
            "detail": flaw.detail,
        }
        if flaw.rows:
            found["rows"] = list(flaw.rows)
        if flaw.lead is not None:
            found["lead"] = flaw.lead
        return found
