"""Where a person's fold may begin again: a cache, emptied with everything that is theirs.

identity: `PERSON#<id>/SNAPSHOT#<moment><digest>`.
"""

from collections.abc import Iterable
from datetime import datetime

from mos.identity.snapshot import Snapshot
from mos.ports import Record, Table

MARKED = "snapshots"
"""The tag of a profile's item that names the snapshots which hold."""
_SNAPSHOT = "SNAPSHOT#"


class Snapshots:
    """The snapshots of people's folds."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, person: str, place: str) -> Snapshot | None:
        """Return a snapshot, or None where it is gone or cannot be read."""
        record = self._table.get(f"PERSON#{person}", f"{_SNAPSHOT}{place}")
        try:
            return Snapshot.parse(record.body) if record else None
        except ValueError:
            return None

    def put(self, person: str, snapshot: Snapshot, expires: datetime) -> None:
        """Keep a snapshot: its name says what is in it, so it is written once."""
        place = (f"PERSON#{person}", f"{_SNAPSHOT}{snapshot.place}")
        body, until = snapshot.canonical(), int(expires.timestamp())
        self._table.put_new(Record(*place, body, expires_at=until))

    def drop(self, person: str, places: Iterable[str]) -> None:
        """Throw these snapshots of a person away."""
        for place in places:
            self._table.delete(f"PERSON#{person}", f"{_SNAPSHOT}{place}")

    def drop_all(self, person: str) -> None:
        """Throw all of a person's snapshots away."""
        for record in self._table.query(f"PERSON#{person}", prefix=_SNAPSHOT):
            self._table.delete(record.pk, record.sk)
