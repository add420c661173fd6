"""What this layer does about events of the bus: words withdrawn, recalls, providers' receipts."""

from functions.action.deliver import receive_receipt
from functions.action.hear import hear_provider
from functions.action.take_back import is_to_undo, note, sweep
from functions.action.wire import Wire
from mos.events import (
    ConsentWithdrawn,
    OutcomeObserved,
    ProviderReceiptObserved,
    RecallOrdered,
    ReceiptObserved,
    SwitchSet,
)
from mos.model.delivery import DeliveryReceipt
from mos.ports import Bus, Moment
from mos.runtime import logger, tally


def withdraw(event: ConsentWithdrawn, moment: Moment, wire: Wire) -> ConsentWithdrawn:
    """Note what is to be taken back of what was done for somebody, and take back what can be now.

    What is still on its way is checked again before it leaves.
    """
    purposes = tuple(purpose.value for purpose in event.purposes)
    found = wire.deliveries.of_people(event.people)
    reached = [d for d in found if is_to_undo(d, purposes, event.channels)]
    if note(wire, reached, "they have said no"):
        tally(**sweep(wire, moment.now))
    return event


def recall(event: RecallOrdered, moment: Moment, wire: Wire) -> RecallOrdered:
    """Note that actions are not to leave, and what is to be taken back; take back what can be now.

    All is noted before anything is done: what a provider does not do now, the sweep does.
    """
    for action_id in event.actions:
        wire.deliveries.note_recall(action_id, event.why)
    if note(wire, wire.deliveries.list_named(event.actions), event.why):
        tally(**sweep(wire, moment.now))
    return event


def switch(event: SwitchSet, wire: Wire) -> SwitchSet:
    """Keep what was stopped, or may leave again.

    Raises:
        ConflictError: somebody else is setting the same switch; the bus asks again.
    """
    wire.switches.set(event.switch)
    return event


def observe(event: ReceiptObserved, wire: Wire) -> ReceiptObserved:
    """Keep what a provider told of a delivery; one that nobody knew of was sent.

    Raises:
        ConflictError: it is being sent right now; the bus asks again.
    """
    delivery, version = wire.deliveries.find(event.action_id)
    if delivery is None:
        logger().warning("receipt_without_action", extra={"receipt": event.receipt})
        tally(receipts_lost=1)
        return event
    told = DeliveryReceipt(name=event.receipt, at=event.occurred_at, signal_id=event.trace_id)
    after = receive_receipt(delivery, told)
    if after != delivery:
        wire.deliveries.save(after, version)
    return event


def observe_provider(
    event: ProviderReceiptObserved, wire: Wire, told: Bus
) -> ProviderReceiptObserved:
    """Keep what a provider told by its own id, where that is one of ours; say what came of it."""
    heard = hear_provider(event, wire.deliveries)
    tally(receipts_of_others=not heard.is_ours)
    if heard.outcome is not None:
        told.publish([OutcomeObserved.following(event, outcome=heard.outcome)])
    return event
