"""Action Lambda: a decision in, one delivery out, or until when it is held."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from functions.action.carrier import load_carrier
from functions.action.channel import Channel
from functions.action.check import check, read_facts, tell_wait
from functions.action.confirm import Asking, ask_waiting, confirm
from functions.action.content import note_content, note_language
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
from functions.action.dispatch import Dispatch
from functions.action.draft import ask_draft
from functions.action.dry_run import find_dry_run
from functions.action.erase import erase
from functions.action.listen import (
    guard_channel,
    observe_provider,
    recall,
    switch,
    tell_receipt,
    withdraw,
)
from functions.action.outbound import open_pages, open_wire, read_place, sweep_all
from functions.action.page_record import keep_page
from functions.action.repository import People
from functions.action.settings import read_settings
from functions.action.take_over import take_over
from functions.action.tell import Notices, Telling, escalate, tell_waiting
from functions.action.unsent import tell_unsent
from functions.action.warm_up import add_warm_up
from functions.action.write import write_message
from mos.aws.asker import LambdaAsker
from mos.aws.bundles import bundles
from mos.aws.bus import bus
from mos.aws.table import table
from mos.events import (
    ActionDecided,
    ActionDelivered,
    ActionHeld,
    ConfirmationNeeded,
    ConsentWithdrawn,
    ErasureOrdered,
    ProviderReceiptObserved,
    RecallOrdered,
    ReceiptObserved,
    SlaChanged,
    SwitchSet,
)
from mos.model.delivery import Delivery
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle
from mos.ports import Bus, Moment
from mos.runtime import logger, on, on_any, tally, wrap
from mos.tasks import draft_email


def step(event: ActionDecided, moment: Moment, room: Dispatch) -> ActionDelivered | ActionHeld:
    """Read, check and render; claim; send; keep the receipt; say how it ended, or that it waits.

    Raises:
        ConflictError: another try is at the same place; this one has sent nothing.
    """
    if event.channel == "none":
        return deliver(event, still(event, moment.now))
    channel = load_carrier(event.channel, room.place)
    held, version = room.wire.deliveries.find(action_id_of(event))
    delivery = find_state(event, open_delivery(event, held, channel), moment.now, channel)
    if delivery.status in ENDED and delivery != held:
        room.wire.deliveries.save(delivery, version)
    if delivery.status not in ENDED and delivery.held_until is None:
        delivery = _carry(event, delivery, version, channel, moment, room)
    take_over(event, delivery, room.wire, moment.now)
    return deliver(event, delivery)


def _carry(
    event: ActionDecided,
    delivery: Delivery,
    version: int,
    channel: Channel,
    moment: Moment,
    room: Dispatch,
) -> Delivery:
    bundle = room.store.load(event.bundle)
    delivery = note_content(event, delivery, bundle)

    def look(delivery: Delivery) -> tuple[Profile | None, Delivery | None]:
        return _look(event, delivery, bundle, moment.now, room)

    person, stays = look(delivery)
    if (stays := stays or room.wire.find_recall(delivery)) is not None:
        room.wire.deliveries.save(stays, version)
        return stays
    # A model is asked for nothing that cannot leave.
    if channel.drafts and (waits := room.wire.gate.find_wait(event, delivery, channel, moment.now)):
        room.wire.deliveries.save(waits, version)
        return waits
    delivery = note_language(event, delivery, person, bundle)
    stated = read_settings(channel.provider, bundle) | dict(room.place)
    settings = add_warm_up(stated, channel.provider.name, bundle, moment.now)
    account = room.people.account(event.account_id)

    facts = read_facts(event, person, room.people, bundle, moment.now) if person else {}
    dry = room.wire.dry_run or find_dry_run(event, facts, account, bundle)

    def draft(brief: draft_email.EmailBrief) -> draft_email.EmailDraft:
        # A rehearsal calls nobody, and so no model.
        return draft_email.fill(brief) if dry else ask_draft(brief, event, room.asker, _warn)

    message = write_message(event, delivery, person, account, bundle, draft, channel, settings)
    message = replace(message, dry_run=dry)
    if channel.leaves_pages and person is not None and not dry:
        message = keep_page(message, event, person, bundle, moment.now, room.pages)
    return room.wire.send(
        event, delivery, version, message, channel, moment, lambda mine: look(mine)[1]
    )


def _look(
    event: ActionDecided, delivery: Delivery, bundle: Bundle, now: datetime, room: Dispatch
) -> tuple[Profile | None, Delivery | None]:
    """Return whom it is for as they are now, and how it stands where it may not leave."""
    person = room.people.find(event.person_id) if event.person_id else None
    if person is None and room.pages is not None and event.person_id:
        room.pages.forget(delivery.action_id, now)
    verdict = check(event, person, room.people, bundle, now, room.store.active())
    if isinstance(verdict, datetime):
        return person, hold(event, delivery, verdict, now, tell_wait(person, verdict))
    return person, end_unsent(delivery, *verdict) if verdict is not None else None


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
            _people(),
            bundles(),
            LambdaAsker(moment.seconds),
            read_place(),
            open_pages(),
        ),
        bus(),
    ),
)


def _sweep(_payload: object, _context: object) -> dict[str, int]:
    """Finish what was left undone, and tell what still waits to be told."""
    now = datetime.now(UTC)
    told = tell_waiting(Moment(now), _telling()) | ask_waiting(Moment(now), open_wire(), _asking)
    tally(**told)
    return sweep_all(now) | told


def _people() -> People:
    return People(table("identity"), table("lifecycle"))


def _telling() -> Telling:
    return Telling(open_wire(), _people(), bundles().load, Notices(table("actions")))


def _asking() -> Asking:
    return Asking(open_wire(), _people(), bundles().active(), open_pages(), read_place())


def _confirm(event: ConfirmationNeeded, moment: Moment) -> ConfirmationNeeded:
    tally(**{confirm(event, moment, _asking()): 1})
    return event


_erase = on(ErasureOrdered, lambda event, moment: erase(event, moment, table("actions")))
_escalate = on(SlaChanged, lambda event, moment: escalate(event, moment, _telling()))


def _take_receipt(event: ReceiptObserved, moment: Moment) -> ReceiptObserved:
    """Keep what a provider told, say what it proved, and pause the channel where it must."""
    wire = open_wire()
    tell_receipt(event, wire, bus())
    guard_channel(event, moment, wire, bundles().active)
    return event


_on_any = on_any(
    _deliver,
    {
        ErasureOrdered: _erase,
        SlaChanged: _escalate,
        ConsentWithdrawn: on(
            ConsentWithdrawn, lambda event, moment: withdraw(event, moment, open_wire())
        ),
        ConfirmationNeeded: on(ConfirmationNeeded, _confirm),
        SwitchSet: on(SwitchSet, lambda event, _moment: switch(event, open_wire())),
        RecallOrdered: on(RecallOrdered, lambda event, moment: recall(event, moment, open_wire())),
        ReceiptObserved: on(ReceiptObserved, _take_receipt),
        ProviderReceiptObserved: on(
            ProviderReceiptObserved,
            lambda event, _moment: observe_provider(event, open_wire(), bus()),
        ),
    },
)
_on_schedule = wrap(_sweep)


def handler(payload: dict[str, Any], context: Any) -> Any:  # noqa: ANN401  Lambda's own types
    """Take a decision, an event of the bus, or the hour to finish what was left undone."""
    if payload.get("detail-type") == "Scheduled Event":
        return _on_schedule(payload, context)
    return _on_any(payload, context)
