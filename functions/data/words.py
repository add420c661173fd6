"""Signals that say something of people rather than of what they did: timers, unmerges, erasures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from functions.data.companies import CompanyRepository
from functions.data.follow import Follower
from functions.data.privacy import Privacy, is_erasure
from functions.data.runs import Runs, Subject
from functions.data.separate import Separator
from mos.errors import ConflictError, RejectedError, UnavailableError, parked_reason
from mos.identity.identifier import log_key
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment
from mos.runtime import logger


@dataclass
class Words:
    """Takes them one by one; what met trouble is tried again later."""

    bundle: Bundle
    companies: CompanyRepository
    runs: Runs
    follower: Follower
    separator: Separator
    privacy: Privacy
    park: Callable[[Sequence[Signal], str], None]

    def take(
        self, signals: Sequence[Signal], new: set[str], moment: Moment
    ) -> tuple[set[str], list[Signal]]:
        """Do what timers and unmerges say; return what failed, and the signals that are left."""
        failed: set[str] = set()
        rest: list[Signal] = []
        for signal in signals:
            if signal.kind is SignalKind.TIMER_DUE:
                failed |= self._guarded(signal, lambda s: self._timer(s, moment))
            elif signal.kind is SignalKind.UNMERGED:
                failed |= self._guarded(signal, lambda s: self._separate(s, new, moment))
            elif not is_erasure(signal):
                rest.append(signal)
        return failed, rest

    def erase(self, signals: Sequence[Signal]) -> set[str]:
        """Forget people, when everything that came with the request has found its place."""
        failed: set[str] = set()
        for signal in signals:
            if is_erasure(signal):
                failed |= self._guarded(signal, self.privacy.erase)
        return failed

    def _guarded(self, signal: Signal, take: Callable[[Signal], bool]) -> set[str]:
        counts = self.follower.counts
        before = counts.copy()
        try:
            given = take(signal)
        except (ConflictError, UnavailableError) as error:
            logger().warning("retry", extra={"error": type(error).__name__})
            given = None
        except (ValueError, ArithmeticError, RejectedError) as error:
            counts.clear()
            counts.update(before)
            self.park([signal], parked_reason(error))
            return set()
        counts.clear()
        counts.update(before)
        if given is None:
            return {signal.signal_id}
        counts["given" if given else "immaterial"] += 1
        return set()

    def _timer(self, signal: Signal, moment: Moment) -> bool:
        """Give a due timer's group a run: time has passed, though nobody did anything."""
        group_id = next((i.value for i in signal.identifiers if i.type == "group_id"), "")
        group = self.companies.group(group_id)
        if group is None:
            return False
        first = group.members[0].profile_id if group.members else group_id
        subject = Subject(first, group.account_id, group_id)
        why = ("timer_due", str(signal.properties.get("why") or signal.name))
        key = log_key(signal, self.bundle)
        event = self.runs.claim(signal, key, subject, why, None, moment.now)
        if event:
            self.follower.said.append(event)
        return True

    def _separate(self, signal: Signal, new: set[str], moment: Moment) -> bool:
        halves = self.separator.separate(signal)
        for half in halves:
            self.follower.follow(half, new, moment)
        return bool(halves)
