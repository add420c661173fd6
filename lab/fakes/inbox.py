"""Everything that the fakes received, in memory and as JSON lines."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from lab.fakes.provider import Call, Receipt

Entry = dict[str, Any]


class Inbox:
    """What came in, oldest first. It survives a restart: the record is read back."""

    def __init__(
        self, folder: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "inbox.jsonl"
        self._clock = clock
        self._lock = Lock()
        self._entries: list[Entry] = _read(self._path)

    def keep(self, provider: str, receipt: Receipt, call: Call) -> None:
        """Add one entry, on disk too."""
        with self._lock:
            entry = {
                "n": len(self._entries) + 1,
                "at": self._clock().isoformat(),
                "provider": provider,
                "channel": receipt.channel,
                "to": receipt.to,
                "owner": receipt.owner,
                "subject": receipt.subject,
                "body": receipt.body,
                "tags": dict(receipt.tags),
                "raw": call.json(),
            }
            self._entries.append(entry)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")

    def entries(self) -> list[Entry]:
        """Return all entries, oldest first."""
        with self._lock:
            return list(self._entries)


def _read(path: Path) -> list[Entry]:
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue  # The last line of a process that was stopped while it wrote.
    return found
