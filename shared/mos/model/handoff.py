"""That a hand-off to sales was taken back by a word of ours: what was promised about it ends."""

from collections.abc import Iterable
from dataclasses import dataclass

from mos.model.base import Instant, Stored
from mos.model.stage import Clock, ClockStatus


class HandoffEnd(Stored):
    """When a hand-off was taken back, and why.

    One that is `whole` was ended by an operator, and ends what was promised about anybody of its
    group; one that somebody ended by their own no ends what was promised about them alone.
    """

    at: Instant
    why: str
    whole: bool = False


@dataclass(frozen=True)
class EndedHandoff:
    """The end of a hand-off, and about whom it was; None where they were erased."""

    person_id: str | None
    end: HandoffEnd

    def ends(self, subject_id: str) -> bool:
        """Say whether promises about this subject end with it."""
        return self.end.whole or self.person_id == subject_id


def end_promise(clock: Clock, ended: Iterable[EndedHandoff]) -> Clock:
    """Return a promise that has run out as one that no longer matters, if its hand-off had ended.

    It must have ended while the promise ran: what came before is another hand-off's, and a promise
    that was broken before stays broken.
    """
    during = [e.end for e in ended if clock.started_at < e.end.at <= clock.due_at]
    last = max(during, key=lambda end: end.at, default=None)
    if last is None:
        return clock
    why = f"its hand-off was taken back on {last.at:%Y-%m-%d %H:%M} UTC: {last.why}"
    void = {"status": ClockStatus.VOID, "why": why, "ended_at": last.at}
    return clock.model_copy(update=void)
