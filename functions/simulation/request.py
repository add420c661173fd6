"""What somebody asks to be rehearsed in the cloud, as the state machine hands it on."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

from mos.model.base import Instant, Noun

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,80}$")]


class RehearsalRequest(Noun):
    """A rehearsal: which bundle against which, over how many days back from `at`.

    `export` is an earlier export of the ledger to work on, empty where a new one is to be made.
    """

    rehearsal: Key
    candidate: Digest
    baseline: Digest
    days: int = Field(default=90, ge=1, le=3650)
    accepted: str = Field(default="", max_length=2000)
    export: str = Field(default="", max_length=1024)
    at: Instant

    @property
    def since(self) -> datetime:
        """Return from when on decisions count."""
        return self.at - timedelta(days=self.days)

    @property
    def source(self) -> str:
        """Return where the decisions come from, in the report's words."""
        return f"an export of the stage's last {self.days} days"


class ExportPiece(Noun):
    """One file of an export, from a line on."""

    file: str = Field(min_length=1)
    after: int = Field(default=0, ge=0)


class RehearsalProgress(Noun):
    """How far a file is done: `after` is the last line that was read."""

    after: int
    done: bool
    decisions: int
