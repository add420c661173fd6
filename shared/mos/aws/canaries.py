"""The canary's pointer and its end, objects of their own: who may end one can start none."""

from datetime import datetime, timedelta

from mos.errors import CanaryError, MissingError
from mos.model.base import derive_id
from mos.model.canary import Canary, Watched
from mos.ports import Bucket

CANARY = "canaries/running.json"
FINDINGS = "canaries/findings.json"
ENDS = "canaries/ended/"
WATCH_EVERY = timedelta(hours=1)
"""A canary at which nobody has looked for longer is carried by nobody."""


class Canaries:
    """Start, read and end the one canary of a stage."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def latest(self) -> Canary | None:
        """Return the canary that runs, or the last one that ran."""
        body = self._bucket.get(CANARY)
        if body is None:
            return None
        try:
            started = Canary.parse(body)
            ended = self._bucket.get(_end_of(started)) if started.ended_at is None else None
            return Canary.parse(ended) if ended else started
        except ValueError:
            # A pointer or an end that cannot be read carries nobody: the active bundle goes on.
            return None

    def running(self) -> Canary | None:
        """Return the canary that runs, if one does."""
        found = self.latest()
        return found if found and found.ended_at is None else None

    def find_lapse(self, canary: Canary, now: datetime) -> str | None:
        """Return since when nobody has looked at a canary, where that is too long; else None."""
        try:
            watched = self.noted()
        except ValueError:
            watched = None  # What cannot be read is no look.
        is_its = watched is not None and watched.canary.started_at == canary.started_at
        last = watched.at if watched is not None and is_its else canary.started_at
        if now - last <= WATCH_EVERY:
            return None
        return f"nobody has looked at it since {last:%Y-%m-%d %H:%M} UTC"

    def note(self, watched: Watched) -> None:
        """Keep what the last look found, for whoever asks."""
        self._bucket.put(FINDINGS, watched.canonical().encode())

    def noted(self) -> Watched | None:
        """Return what the last look found."""
        body = self._bucket.get(FINDINGS)
        return Watched.parse(body) if body else None

    def start(self, canary: Canary) -> None:
        """Let some accounts decide by a candidate from now on.

        Raises:
            CanaryError: another canary runs.
        """
        if held := self.running():
            raise CanaryError(held.digest)
        self._bucket.put(CANARY, canary.canonical().encode())

    def end(self, at: datetime, why: str) -> Canary:
        """Take the candidate back: every run that begins from now on uses the active bundle.

        Raises:
            MissingError: no canary runs.
        """
        held = self.running()
        if held is None:
            raise MissingError("canary that runs")
        ended = held.model_copy(update={"ended_at": at, "ended": why})
        self._bucket.put(_end_of(held), ended.canonical().encode())
        return ended


def _end_of(canary: Canary) -> str:
    return f"{ENDS}{derive_id('end', canary.digest, canary.started_at.isoformat())}.json"
