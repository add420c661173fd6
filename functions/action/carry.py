"""Carry a decision out as far as it goes now: read, check, render, claim, send."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from functions.action.carrier import load_carrier
from functions.action.channel import Channel
from functions.action.check import check, read_facts, tell_wait
from functions.action.content import note_content, note_language
from functions.action.deliver import (
    ENDED,
    action_id_of,
    end_unsent,
    find_state,
    hold,
    open_delivery,
    still,
)
from functions.action.dispatch import Dispatch
from functions.action.draft import ask_draft
from functions.action.dry_run import find_dry_run
from functions.action.page_record import keep_page
from functions.action.settings import read_settings
from functions.action.take_over import take_over
from functions.action.warm_up import add_warm_up
from functions.action.write import write_message
from mos.events import ActionDecided
from mos.model.delivery import Delivery
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment
from mos.tasks import draft_email

Warn = Callable[[str], None]
"""Takes what went wrong with a draft that is done without."""


def carry(event: ActionDecided, moment: Moment, room: Dispatch, warn: Warn) -> Delivery:
    """Return the delivery of a decision as it stands after a try.

    Raises:
        ConflictError: another try is at the same place; this one has sent nothing.
    """
    if event.channel == "none":
        return still(event, moment.now)
    channel = load_carrier(event.channel, room.place)
    held, version = room.wire.deliveries.find(action_id_of(event))
    delivery = find_state(event, open_delivery(event, held, channel), moment.now, channel)
    if delivery.status in ENDED and delivery != held:
        room.wire.deliveries.save(delivery, version)
    if delivery.status not in ENDED and delivery.held_until is None:
        delivery = _carry(event, delivery, version, channel, moment, room, warn)
    take_over(event, delivery, room.wire, moment.now)
    return delivery


def _carry(
    event: ActionDecided,
    delivery: Delivery,
    version: int,
    channel: Channel,
    moment: Moment,
    room: Dispatch,
    warn: Warn,
) -> Delivery:
    bundle = room.store.load(event.bundle)
    delivery = note_content(event, delivery, bundle)

    def look(delivery: Delivery) -> tuple[Profile | None, Delivery | None]:
        return _look(event, delivery, bundle, moment.now, room)

    person, stays = look(delivery)
    stays = stays or room.wire.find_recall(delivery)
    # A model is asked for nothing that cannot leave.
    if stays is None and channel.drafts:
        stays = room.wire.gate.find_wait(event, delivery, channel, moment.now)
    account = room.people.account(event.account_id)
    facts = read_facts(event, person, room.people, bundle, moment.now) if person else {}
    caps = None
    if stays is None and room.caps and person:
        caps = room.caps.open(event, room.wire.deliveries, person, account, facts, bundle)
        stays = caps.find_wait(delivery, moment.now) if caps else None
    if stays is not None:
        room.wire.deliveries.save(stays, version)
        return stays
    delivery = note_language(event, delivery, person, bundle)
    stated = read_settings(channel.provider, bundle) | dict(room.place)
    settings = add_warm_up(stated, channel.provider.name, bundle, moment.now)
    dry = room.wire.dry_run or find_dry_run(event, facts, account, bundle)

    def draft(brief: draft_email.EmailBrief) -> draft_email.EmailDraft:
        # A rehearsal calls nobody, and so no model.
        return draft_email.fill(brief) if dry else ask_draft(brief, event, room.asker, warn)

    message = write_message(event, delivery, person, account, bundle, draft, channel, settings)
    message = replace(message, dry_run=dry)
    if channel.leaves_pages and person is not None and not dry:
        message = keep_page(message, event, person, bundle, moment.now, room.pages)
    return room.wire.send(
        event, delivery, version, message, channel, moment, lambda mine: look(mine)[1], caps
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
