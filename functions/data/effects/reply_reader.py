"""Have answers read by a model where rules were not sure; make members of whom they name."""

from dataclasses import dataclass

from functions.data.intake.log import SignalLog
from functions.data.people.change import PersonChange
from functions.data.repository import IdentityRepository
from mos.errors import UnavailableError
from mos.identity.correction import SYSTEM
from mos.identity.hindsight import corrected
from mos.identity.identifier import account_domain, log_key
from mos.identity.reply_reading import (
    TARGET,
    ask_about,
    ask_whom,
    find_named,
    name_target,
    own_mailbox,
)
from mos.model.base import derive_id
from mos.model.signal import Actor, Identifier, Provenance, Signal, SignalKind, Trust
from mos.policy.bundle.bundle import Bundle
from mos.ports import Asker
from mos.reply.effect import kind_of
from mos.reply.kind import NAMES_SOMEBODY, ReplyKind
from mos.reply.people import list_mailboxes
from mos.tasks import classify_reply, extract_reply

_MEMBERS = frozenset({ReplyKind.REFERRAL, ReplyKind.LEFT_COMPANY, ReplyKind.WRONG_PERSON})
"""Answers that name who is to be talked to instead: a deputy for some days is nobody who buys."""
_AROUND = 1.0
_SEARCH = extract_reply.TASK.name


@dataclass
class ReplyReader:
    """Asks about answers, off the path, and finds the people in them."""

    asker: Asker
    identity: IdentityRepository
    log: SignalLog
    bundle: Bundle

    def ask(self, change: PersonChange) -> bool:
        """Have the answers of a claim read that need it; say whether nobody could be asked.

        What rules are sure of nobody is asked, nor what a machine, a test or a stranger has sent.
        """
        asked: list[tuple[str, Signal]] = []
        for signal in change.claim.signals:
            target, seen = self._find_target(signal)
            if target is not None:
                asked += [(task, target) for task in _list_tasks(signal, target, seen)]
        try:
            for task, signal in asked:
                context = name_target(signal, change.after.profile_id)
                question = ask_whom(signal) if task == _SEARCH else ask_about(signal)
                self.asker.ask_later(task, question, context)
        except UnavailableError:
            return True
        return False

    def _find_target(self, signal: Signal) -> tuple[Signal | None, ReplyKind | None]:
        """Return the answer that a signal is, or reads, and what it is by all that was read."""
        if signal.kind is SignalKind.EMAIL_REPLIED:
            return signal, kind_of(signal)
        if signal.kind is not SignalKind.REPLY_READ:
            return None, None
        at = signal.stated_at or signal.occurred_at
        near = self.log.around(log_key(signal), at, _AROUND)
        named = signal.properties.get(TARGET)
        target = next((one for one in near if one.signal_id == named), None)
        seen = next((one for one in corrected(near) if one.signal_id == named), None)
        return target, kind_of(seen) if seen else None

    def list_members(self, signal: Signal) -> list[Signal]:
        """Return the signal by which somebody comes in whom an answer names, if it names anybody.

        Their mailbox is one of the same company's, they were not known, and they have agreed to
        nothing: nothing automated leaves for them. What nothing proves names nobody.
        """
        target, kind = self._find_target(signal)
        if target is None or target.is_anybodys or target.is_test:
            return []
        box, name = find_named(signal, target)
        if kind not in _MEMBERS or not box:
            return []
        own, other = (account_domain([one], self.bundle) for one in (own_mailbox(target), box))
        found = Identifier(type="email", value=box)
        if own is None or own != other or self.identity.owners([found]):
            return []
        return [_bring_in(found, name, signal, target)]


def _list_tasks(signal: Signal, target: Signal, kind: ReplyKind | None) -> list[str]:
    said = target.properties
    text = str(said.get("text") or "")
    if not text or target.moves_nothing or target.is_anybodys:
        return []
    is_read = signal is not target
    asked = [] if is_read or said.get("reply_sure") is True else [classify_reply.TASK.name]
    is_named = bool(said.get("named_mailbox")) or bool(signal.properties.get("named_mailbox"))
    names = bool(list_mailboxes(text, own_mailbox(target))) and not is_named
    if kind in NAMES_SOMEBODY and names and signal.name != extract_reply.TASK.name:
        asked.append(extract_reply.TASK.name)
    return asked


def _bring_in(found: Identifier, name: str, signal: Signal, target: Signal) -> Signal:
    return Signal(
        signal_id=derive_id("sig", SYSTEM, "referred", target.signal_id, found.key),
        source=SYSTEM,
        kind=SignalKind.IDENTIFY,
        name="referred",
        occurred_at=target.occurred_at,
        received_at=signal.received_at,
        identifiers=(found,),
        traits={"name": name} if name else {},
        properties={"referred_by": target.signal_id},
        trust=Trust.SIGNED,
        actor=Actor.MACHINE,
        actor_reason=SYSTEM,
        provenance=Provenance.THIRD_PARTY,
    )
