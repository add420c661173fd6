"""What a decision table says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mos.policy.table.table import Row


# Not frozen: that alone would cost a microsecond an answer.
@dataclass(slots=True)
class Answer:
    """What a table says: the deciding row (None: the default), its output, and the rest.

    `rows` are all rows that hold; `hinges_on` names unknown facts that could change the answer;
    `almost` are rows before the deciding one that failed in one column only: (row, column).
    An answer may be shared: it is read, never written.
    """

    row: Row | None
    index: int | None
    output: Mapping[str, Any]
    rows: tuple[Row, ...] = ()
    hinges_on: tuple[str, ...] = ()
    almost: tuple[tuple[Row, str], ...] = ()

    @property
    def row_id(self) -> str:
        """Return the deciding row's id, or `default`."""
        return self.row.id if self.row else "default"

    @property
    def why(self) -> str:
        """Return the deciding row's reason."""
        return self.row.why if self.row else "no row holds"

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return why this is not the last word: `unknown:<fact>` for each fact to enrich."""
        return tuple(f"unknown:{name}" for name in self.hinges_on)

    @property
    def verdict(self) -> str:
        """Return `final`, or `enrich_then_retry` where learning a fact could change the answer."""
        return "enrich_then_retry" if self.hinges_on else "final"
