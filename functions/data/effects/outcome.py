"""Which signals say that something came of what we did. Pure."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from mos.identity.deal import read_state
from mos.identity.deal_saying import name_deal, read_words, system_of
from mos.identity.hindsight import corrected
from mos.identity.meetings import is_rescheduled
from mos.model.deal import Deal, DealState
from mos.model.lesson import Outcome, OutcomeKind
from mos.model.signal import Actor, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.facts import counts_as_human
from mos.policy.source_system import is_own_write
from mos.reply.effect import kind_of
from mos.reply.kind import NO_INTEREST, REPLY, read_kind

_OUTCOMES = {
    SignalKind.EMAIL_CLICKED: OutcomeKind.CLICKED,
    SignalKind.EMAIL_REPLIED: OutcomeKind.REPLIED,
    SignalKind.MEETING_BOOKED: OutcomeKind.MEETING,
    SignalKind.TASK_ACCEPTED: OutcomeKind.TASK_ACCEPTED,
    SignalKind.TASK_REJECTED: OutcomeKind.TASK_REJECTED,
    SignalKind.EMAIL_UNSUBSCRIBED: OutcomeKind.UNSUBSCRIBED,
    SignalKind.EMAIL_COMPLAINED: OutcomeKind.COMPLAINED,
}

_DEALS = {
    DealState.OPEN: OutcomeKind.OPPORTUNITY,
    DealState.LOST: OutcomeKind.OPPORTUNITY,
    DealState.WON: OutcomeKind.WON,
    DealState.RENEWED: OutcomeKind.WON,
}
"""What a deal's state says came of us: one that was lost was an opportunity once."""


def find_outcome(signal: Signal, person_id: str, group_id: str, bundle: Bundle) -> Outcome | None:
    """Return the outcome in a signal, or None.

    A deal's is what the bundle reads in its stage: one that nobody can read is none until somebody
    can. Our own write that comes back says nothing of what came of us.
    """
    if is_own_write(signal, bundle):
        return None
    if signal.kind is not SignalKind.DEAL_CHANGED:
        return read_outcome(signal, person_id, group_id)
    found = _outcome(_DEALS.get(read_state(signal, bundle)), signal, person_id, group_id)
    return _with_worth(found, signal, bundle) if found else None


def _with_worth(outcome: Outcome, signal: Signal, bundle: Bundle) -> Outcome:
    """Return a deal's outcome with the deal's name and its amount, as this signal says them."""
    said = {name: word.value for name, word in read_words(signal, bundle).items()}
    amount, deal_id = said.get("amount"), signal.properties.get("deal_id")
    return outcome.model_copy(
        update={
            "value": float(amount) if isinstance(amount, int | float) else None,
            "currency": str(said["currency"]) if said.get("currency") else None,
            "about": name_deal(system_of(signal), str(deal_id)) if deal_id else "",
        }
    )


def read_outcome(signal: Signal, person_id: str, group_id: str) -> Outcome | None:
    """Return the outcome in a signal that is about no deal, or None.

    An answer without interest is none, and neither is a machine's click; a meeting that was moved
    is no second one.
    """
    return _outcome(_OUTCOMES.get(signal.kind), signal, person_id, group_id)


def find_rejudged(
    signal: Signal, log: Mapping[str, Signal], new: AbstractSet[str]
) -> tuple[Signal, bool] | None:
    """Return the signal that a correction is about, and whether nothing came of us by it after all.

    A machine's or one without interest is taken back; one that was a human's after all counts. Of
    several corrections the one that holds says which.
    """
    named = str(signal.properties.get("target"))
    target = log.get(named)
    if target is None or named in new:
        return None
    if signal.kind is SignalKind.REPLY_READ:
        is_nothing = read_kind(signal.properties.get(REPLY)) in NO_INTEREST
        return (target, True) if is_nothing else None
    now = next(s for s in corrected([*log.values(), signal]) if s.signal_id == named)
    is_machine = now.actor is Actor.MACHINE
    return target.model_copy(update={"actor": Actor.HUMAN}), is_machine


def tell_deal_outcome(
    state: DealState | None, deal: Deal | None, signal: Signal, person_id: str, group_id: str
) -> Outcome | None:
    """Return what the state into which a deal has come says came of us, or None."""
    kind = _DEALS.get(state) if state else None
    found = _outcome(kind, signal, person_id, group_id)
    if found is None or deal is None:
        return found
    amount = deal.amount
    return found.model_copy(
        update={
            "value": float(amount) if isinstance(amount, int | float) else None,
            "currency": deal.currency,
            "about": name_deal(deal.system, deal.deal_id),
        }
    )


def tell_deal_losses(
    deal: Deal, signal: Signal, account: str, group_id: str, *, is_here: bool
) -> list[Outcome]:
    """Return what a deal that an account has lost takes back of what came of us.

    One that is open again was not won; one that is another company's, or gone, was nothing.
    """
    kinds = {OutcomeKind.WON} if is_here else {OutcomeKind.WON, OutcomeKind.OPPORTUNITY}
    return [
        Outcome(
            kind=kind,
            signal_id=signal.signal_id,
            at=signal.occurred_at,
            person_id="",
            group_id=group_id,
            retracted=True,
            account_id=account,
            about=name_deal(deal.system, deal.deal_id),
        )
        for kind in sorted(kinds)
    ]


def _outcome(
    kind: OutcomeKind | None, signal: Signal, person_id: str, group_id: str
) -> Outcome | None:
    if kind is None or not counts_as_human(signal) or signal.moves_nothing:
        return None
    if is_rescheduled(signal) or (kind is OutcomeKind.REPLIED and kind_of(signal) in NO_INTEREST):
        return None
    action = signal.properties.get("action_id")
    return Outcome(
        kind=kind,
        signal_id=signal.signal_id,
        at=signal.occurred_at,
        person_id=person_id,
        group_id=group_id,
        action_id=str(action) if action else None,
    )
