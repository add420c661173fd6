"""Signals that are about what we do, or whom we know: timers, unmerges, recalls, erasures."""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.data.accounts.companies import CompanyRepository
from functions.data.effects.erasure import Erasure
from functions.data.effects.follow_up import FollowUp
from functions.data.effects.privacy import is_erasure
from functions.data.effects.receipts import is_of_a_record, read_provider_receipt
from functions.data.intake.balance import Fate
from functions.data.intake.guard import SignalAttempt, guard
from functions.data.people.unmerge import Separator
from functions.data.runs.claim import Runs, RunSubject
from mos.events import ApprovalSaid, RecallOrdered, SignalReceived, SwitchSet
from mos.identity.approval import read_approval
from mos.identity.correction import ORDERS
from mos.identity.identifier import log_key
from mos.identity.recall import read_recalled
from mos.identity.switch import read_switch
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment

_ALONE = frozenset({SignalKind.TIMER_DUE, SignalKind.UNMERGED, SignalKind.APPROVAL_SAID}) | ORDERS
_PARTED = "they were taken for somebody else"


def is_administrative(signal: Signal) -> bool:
    """Say whether a signal is taken by itself rather than linked to somebody."""
    return signal.kind in _ALONE or is_erasure(signal) or is_of_a_record(signal)


@dataclass
class Administrative:
    """Takes such signals one by one, and says how each ended."""

    bundle: Bundle
    companies: CompanyRepository
    runs: Runs
    follow_up: FollowUp
    separator: Separator
    erasure: Erasure

    def take(self, signal: Signal, new: set[str], moment: Moment) -> SignalAttempt:
        """Do what a timer, an unmerge, a recall, a switch, an approver or an erasure says."""
        return guard(lambda: self._do(signal, new, moment))

    def _do(self, signal: Signal, new: set[str], moment: Moment) -> Mapping[str, Fate]:
        if signal.kind is SignalKind.TIMER_DUE:
            given = self._give_run(signal, new, moment)
        elif signal.kind is SignalKind.UNMERGED:
            given = self._separate(signal, new, moment)
        elif signal.kind is SignalKind.RECALL_ORDERED:
            given = self._recall(
                signal, str(signal.properties.get("reason") or "an operator's word"), final=True
            )
        elif signal.kind is SignalKind.SWITCH_SET:
            given = self._set_switch(signal)
        elif signal.kind is SignalKind.APPROVAL_SAID:
            given = self._tell_approval(signal)
        elif is_of_a_record(signal):
            given = self._tell_receipt(signal)
        else:
            given = self.erasure.erase(signal)
        return {signal.signal_id: Fate.GIVEN if given else Fate.IMMATERIAL}

    def _give_run(self, signal: Signal, new: set[str], moment: Moment) -> bool:
        """Give a due timer's group a run: time has passed, though nobody did anything."""
        group_id = next((i.value for i in signal.identifiers if i.type == "group_id"), "")
        group = self.companies.groups.group(group_id)
        if group is None or self.companies.root_of(group.account_id) != group.account_id:
            return False  # Its people are another account's now: that one has its own timers.
        first = self.companies.groups.first(group)
        person = first.profile_id if first else group_id
        subject = RunSubject(person, group.account_id, group_id)
        why = ("timer_due", str(signal.properties.get("why") or signal.name))
        key = log_key(signal)
        again = signal.signal_id not in new
        event = self.runs.claim(signal, key, subject, why, None, moment.now, again=again)
        if event:
            self.follow_up.said.append(event)
        return True

    def _separate(self, signal: Signal, new: set[str], moment: Moment) -> bool:
        halves = self.separator.separate(signal)
        for half in halves:
            self.follow_up.follow(half, new, moment)
        if halves:
            self._recall(signal, _PARTED)
        return bool(halves)

    def _tell_receipt(self, signal: Signal) -> bool:
        """Say what a provider told of a record of its own: the layer that acts knows whether."""
        told = read_provider_receipt(signal)
        self.follow_up.said += [told] if told else []
        return told is not None

    def _set_switch(self, signal: Signal) -> bool:
        """Say what somebody stopped, or lets leave again: the layer that acts keeps it."""
        switch = read_switch(signal)
        if switch is not None:
            cause = SignalReceived.of(signal)
            self.follow_up.said.append(SwitchSet.following(cause, switch=switch))
        return switch is not None

    def _tell_approval(self, signal: Signal) -> bool:
        """Say what somebody said of what waits: the operators' desk knows whether they may."""
        claim = read_approval(signal)
        if claim is not None:
            cause = SignalReceived.of(signal)
            told = ApprovalSaid.following(cause, claim=claim, via=signal.source)
            self.follow_up.said.append(told)
        return claim is not None

    def _recall(self, signal: Signal, why: str, *, final: bool = False) -> bool:
        """Have what a signal names taken back; what it names stood in the ledger of deliveries."""
        actions = read_recalled(signal)
        if actions:
            cause = SignalReceived.of(signal)
            told = RecallOrdered.following(cause, actions=actions, why=why, final=final)
            self.follow_up.said.append(told)
        return bool(actions)
