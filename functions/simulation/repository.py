"""What a rehearsal finds, and what came of decisions.

archive, under `rehearsals/<id>/`: `partials/<file>/<line>.npz` by piece, `failed/<file>.json` where
one could not be worked on, `report.json` at the end; of one that was asked for `progress.json`, and
`stop` where somebody wants it to end; `map/` is Step Functions' own account.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from functions.simulation.impact.partial import Partial
from functions.simulation.impact.serialise import dump_partial, load_partial
from functions.simulation.request import ExportPiece
from mos.errors import MissingError
from mos.model.base import canonical
from mos.model.impact import Impact
from mos.ports import Bucket, Table

_ROOT = "rehearsals"


class Findings:
    """One rehearsal's own part of the archive."""

    def __init__(self, bucket: Bucket, rehearsal: str) -> None:
        self._bucket, self._root = bucket, f"{_ROOT}/{rehearsal}"

    def keep(self, piece: ExportPiece, partial: Partial) -> str:
        """Store what a piece shows, and return where. A retry overwrites it with the same."""
        name = PurePosixPath(piece.file).name
        key = f"{self._root}/partials/{name}/{piece.after:012d}.npz"
        self._bucket.put(key, dump_partial(partial))
        return key

    def partials(self) -> Iterator[Partial]:
        """Yield what all pieces show, by file and line."""
        for key in sorted(self._bucket.keys(f"{self._root}/partials/")):
            body = self._bucket.get(key)
            if body is None:
                raise MissingError(key)
            yield load_partial(body)

    def report(self, impact: Impact) -> str:
        """Store the report, and return where."""
        key = f"{self._root}/report.json"
        self._bucket.put(key, impact.model_dump_json().encode())
        return key

    def say(self, progress: Mapping[str, Any]) -> None:
        """Store how far it is."""
        self._bucket.put(f"{self._root}/progress.json", canonical(dict(progress)).encode())

    def progress(self) -> dict[str, Any] | None:
        """Return how far it is, or None where it has not begun."""
        body = self._bucket.get(f"{self._root}/progress.json")
        found: dict[str, Any] | None = json.loads(body) if body else None
        return found

    def stop(self) -> None:
        """Have it end before its next day."""
        self._bucket.put(f"{self._root}/stop", b"")

    def is_stopped(self) -> bool:
        """Say whether somebody wants it to end."""
        return self._bucket.exists(f"{self._root}/stop")

    def note(self, file: str, error: str, cause: str) -> None:
        """Store why a file could not be worked on."""
        why = _message(cause)
        body = canonical({"error": error, "cause": why if file in why else f"{file}: {why}"})
        self._bucket.put(f"{self._root}/failed/{PurePosixPath(file).name}.json", body.encode())

    def failure(self) -> tuple[str, str] | None:
        """Return the error and cause of the first file, by name, that failed."""
        for key in sorted(self._bucket.keys(f"{self._root}/failed/"))[:1]:
            said = json.loads(self._bucket.get(key) or b"{}")
            return str(said["error"]), str(said["cause"])
        return None


def _message(cause: str) -> str:
    """Return what a function's error says, without its traceback."""
    try:
        return str(json.loads(cause)["errorMessage"])
    except (ValueError, TypeError, KeyError):
        return cause


class Rewards:
    """What came of decisions, from the learning layer's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, decisions: list[str]) -> set[str]:
        """Return those of the decisions that something came of."""
        keys = [(f"REWARD#{one}", "REWARD") for one in decisions]
        found = self._table.get_many(keys, consistent=False)
        return {pk.removeprefix("REWARD#") for pk, _ in found}
