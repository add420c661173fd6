"""Action Lambda: a decision in, one delivery out, or until when it is held."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from functions.action import channels
from functions.action.channel import Channel
from functions.action.check import check
from functions.action.deliver import (
    ENDED,
    action_id_of,
    deliver,
    end_unsent,
    find_state,
    hold,
    open_delivery,
    still,
)
from functions.action.draft import ask_draft
from functions.action.erase import erase
from functions.action.hear import hear_provider, hear_receipt
from functions.action.outbound import open_wire, read_place, sweep_all
from functions.action.proof import tell_proof
from functions.action.repository import People
from functions.action.settings import read_settings
from functions.action.take_back import is_to_undo, note, sweep
from functions.action.unsent import tell_unsent
from functions.action.wire import Wire
from functions.action.write import write_message
from mos import plugins
from mos.aws.asker import LambdaAsker
from mos.aws.bundles import BundleStore, bundles
from mos.aws.bus import bus
from mos.aws.table import table
from mos.events import (
    ActionDecided,
    ActionDelivered,
    ActionHeld,
    ConsentWithdrawn,
    ErasureOrdered,
    OutcomeObserved,
    ProviderReceiptObserved,
    RecallOrdered,
    ReceiptObserved,
)
from mos.model.delivery import Delivery
from mos.ports import Asker, Bus, Moment
from mos.runtime import logger, on, on_any, tally, wrap
from mos.tasks import draft_email


@dataclass(frozen=True)
class Dispatch:
    """All that a delivery needs: the wire, whom to reach, the bundle, a model, and the place.

    `place` is what the deployment says to every channel: `region`, `mail_from`.
    """

    wire: Wire
    people: People
    store: BundleStore
    asker: Asker
    place: Mapping[str, str] = field(default_factory=dict)


def step(event: ActionDecided, moment: Moment, room: Dispatch) -> ActionDelivered | ActionHeld:
    """Read, check and render; claim; send; keep the receipt; say how it ended, or that it waits.

    Raises:
        ConflictError: another try is at the same place; this one has sent nothing.
    """
    if event.channel == "none":
        return deliver(event, still(event, moment.now))
    channel = plugins.load(channels, event.channel, "CHANNEL", Channel)
    held, version = room.wire.deliveries.find(action_id_of(event))
    delivery = find_state(event, open_delivery(event, held, channel), moment.now, channel)
    if delivery.status in ENDED and delivery != held:
        room.wire.deliveries.save(delivery, version)
    if delivery.status in ENDED or delivery.held_until is not None:
        return deliver(event, delivery)
    return deliver(event, _carry(event, delivery, version, channel, moment, room))


def _carry(
    event: ActionDecided,
    delivery: Delivery,
    version: int,
    channel: Channel,
    moment: Moment,
    room: Dispatch,
) -> Delivery:
    bundle = room.store.load(event.bundle)
    person = room.people.find(event.person_id) if event.person_id else None
    verdict = check(event, person, room.people, bundle, moment.now)
    if isinstance(verdict, datetime):
        delivery = hold(event, delivery, verdict, moment.now, "quiet hours where they are")
        room.wire.deliveries.save(delivery, version)
        return delivery
    if verdict is not None:
        ended = end_unsent(delivery, *verdict)
        room.wire.deliveries.save(ended, version)
        return ended
    # A model is asked for nothing that cannot leave.
    if channel.drafts and (waits := room.wire.find_wait(event, delivery, channel, moment.now)):
        room.wire.deliveries.save(waits, version)
        return waits
    settings = read_settings(channel.provider, bundle) | dict(room.place)
    account = room.people.account(event.account_id)

    def draft(brief: draft_email.EmailBrief) -> draft_email.EmailDraft:
        return ask_draft(brief, event, room.asker, _warn)

    message = write_message(event, delivery, person, account, bundle, draft, channel, settings)
    return room.wire.send(event, delivery, version, message, channel, moment)


def _warn(error: str) -> None:
    logger().warning("draft_fell_back", extra={"error": error})


def carry_out(
    event: ActionDecided, moment: Moment, room: Dispatch, told: Bus
) -> ActionDelivered | ActionHeld:
    """Take a step; what never left is said on the bus too, before the workflow goes on.

    Raises:
        ConflictError: as `step`.
    """
    said = step(event, moment, room)
    if isinstance(said, ActionDelivered):
        told.publish(tell_unsent(event, said.status, said.reason))
    return said


_deliver = on(
    ActionDecided,
    lambda event, moment: carry_out(
        event,
        moment,
        Dispatch(
            open_wire(),
            People(table("identity"), table("lifecycle")),
            bundles(),
            LambdaAsker(moment.seconds),
            read_place(),
        ),
        bus(),
    ),
)


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


_erase = on(ErasureOrdered, lambda event, moment: erase(event, moment, table("actions")))

_on_any = on_any(
    _deliver,
    {
        ErasureOrdered: _erase,
        ConsentWithdrawn: on(
            ConsentWithdrawn, lambda event, moment: withdraw(event, moment, open_wire())
        ),
        RecallOrdered: on(RecallOrdered, lambda event, moment: recall(event, moment, open_wire())),
        ReceiptObserved: on(
            ReceiptObserved, lambda event, _moment: tell_receipt(event, open_wire(), bus())
        ),
        ProviderReceiptObserved: on(
            ProviderReceiptObserved,
            lambda event, _moment: observe_provider(event, open_wire(), bus()),
        ),
    },
)
_on_schedule = wrap(lambda _payload, _context: sweep_all(datetime.now(UTC)))


def handler(payload: dict[str, Any], context: Any) -> Any:  # noqa: ANN401  Lambda's own types
    """Take a decision, an event of the bus, or the hour to finish what was left undone."""
    if payload.get("detail-type") == "Scheduled Event":
        return _on_schedule(payload, context)
    return _on_any(payload, context)
