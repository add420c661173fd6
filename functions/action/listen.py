"""What this layer does about events of the bus: words withdrawn, recalls, providers' receipts."""

from collections.abc import Callable

from functions.action import channels
from functions.action.channel import Channel
from functions.action.handoff import end_handoffs
from functions.action.hear import hear_provider, hear_receipt
from functions.action.proof import tell_proof
from functions.action.reputation import find_harm, make_pause
from functions.action.take_back import can_undo, is_to_undo, note, sweep
from functions.action.wire import Wire
from mos import plugins
from mos.events import (
    ConsentWithdrawn,
    OutcomeObserved,
    ProviderReceiptObserved,
    RecallOrdered,
    ReceiptObserved,
    SwitchSet,
)
from mos.model.handoff import HandoffEnd
from mos.model.switch import Switch
from mos.policy.bundle.bundle import Bundle
from mos.ports import Bus, Moment
from mos.runtime import logger, tally

_SAID_NO = "they have said no"


def withdraw(event: ConsentWithdrawn, moment: Moment, wire: Wire) -> ConsentWithdrawn:
    """Note what is to be taken back of what was done for somebody, and take back what can be now.

    What is still on its way is checked again before it leaves.
    """
    purposes = tuple(purpose.value for purpose in event.purposes)
    found = wire.deliveries.of_people(event.people)
    reached = [d for d in found if is_to_undo(d, purposes, event.channels)]
    end = HandoffEnd(at=event.occurred_at, why=_SAID_NO)
    end_handoffs([d for d in reached if can_undo(d)], end, wire.deliveries)
    if note(wire, reached, _SAID_NO, event.occurred_at):
        tally(**sweep(wire, moment.now))
    return event


def recall(event: RecallOrdered, moment: Moment, wire: Wire) -> RecallOrdered:
    """Note that actions are not to leave, and what is to be taken back; take back what can be now.

    All is noted before anything is done: what a provider does not do now, the sweep does.
    """
    for action_id in event.actions:
        wire.deliveries.note_recall(action_id, event.why, event.occurred_at)
    named = wire.deliveries.list_named(event.actions)
    if event.final:
        end_handoffs(named, HandoffEnd(at=event.occurred_at, why=event.why, whole=True),
                     wire.deliveries)  # fmt: skip
    if note(wire, named, event.why, event.occurred_at):
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
    """Keep what a provider told of a delivery; what nobody had asked for is kept apart, and why.

    Raises:
        ConflictError: it is being sent right now; the bus asks again.
    """
    stray = hear_receipt(event, wire.deliveries)
    if stray is not None and wire.deliveries.note_stray(event, stray):
        logger().warning("receipt_stray", extra={"action": event.action_id, "why": stray})
        tally(receipts_stray=1)
    return event


def tell_receipt(event: ReceiptObserved, wire: Wire, told: Bus) -> ReceiptObserved:
    """Keep what a provider told, and say what it proved."""
    observe(event, wire)
    told.publish(tell_proof(event, wire.deliveries.find(event.action_id)[0]))
    return event


def guard_channel(
    event: ReceiptObserved, moment: Moment, wire: Wire, load: Callable[[], Bundle]
) -> Switch | None:
    """Pause a channel that costs us our name, by the limits of the bundle that `load` finds.

    Returns the switch that was set. Asked again for the same receipt it looks again: who died
    between counting and pausing pauses now.

    Raises:
        ConflictError: somebody else is setting the same switch; the bus asks again.
    """
    delivery = wire.deliveries.find(event.action_id)[0]
    if delivery is None:
        return None
    channel = plugins.load(channels, delivery.channel, "CHANNEL", Channel)
    if find_harm(event, channel) is None:
        return None
    harms = wire.reputation.judge(delivery.channel, channel, load(), moment.now)
    for harm in harms:
        if harm.is_warned:
            logger().warning("deliverability", extra={"channel": delivery.channel,
                                                      "why": harm.words})  # fmt: skip
            tally(deliverability_warned=1)
    pause = make_pause(delivery.channel, harms, moment.now)
    if pause is None or not wire.switches.stop_once(pause):
        return None
    logger().error("channel_paused", extra={"channel": delivery.channel, "why": pause.why})
    tally(channels_paused=1)
    return pause


def observe_provider(
    event: ProviderReceiptObserved, wire: Wire, told: Bus
) -> ProviderReceiptObserved:
    """Keep what a provider told by its own id, where that is one of ours; say what came of it."""
    heard = hear_provider(event, wire.deliveries)
    tally(receipts_of_others=not heard.is_ours)
    if heard.outcome is not None:
        told.publish([OutcomeObserved.following(event, outcome=heard.outcome)])
    told.publish(tell_proof(event, heard.delivery))
    return event
