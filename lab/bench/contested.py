"""A table in memory in which transactions meet as they do in DynamoDB."""

import threading
import time
from collections import Counter
from collections.abc import Sequence

from mos.errors import ContendedError
from mos.memory.table import FakeTable
from mos.ports import Count, Save

_SECONDS = 0.002
"""How long a transaction holds its items: so long that others meet it."""


class ContestedTable(FakeTable):
    """Of two transactions that want one item at the same time, the later is turned away."""

    def __init__(self) -> None:
        super().__init__()
        self.met: Counter[str] = Counter()
        self._held: set[tuple[str, str]] = set()
        self._gate = threading.Lock()

    def transact(self, changes: Sequence[Save | Count], token: str) -> None:
        items = [one.record if isinstance(one, Save) else one for one in changes]
        keys = {(one.pk, one.sk) for one in items}
        with self._gate:
            if met := keys & self._held:
                self.met.update(pk for pk, _ in met)
                raise ContendedError("decisions")
            self._held |= keys
        try:
            time.sleep(_SECONDS)
            super().transact(changes, token)
        finally:
            with self._gate:
                self._held -= keys
