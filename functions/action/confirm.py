"""Ask a mailbox whether a yes was its owner's (double opt-in): fixed words, sent at most once.

actions: `CONFIRMS/<action id>` while it waits to be sent, and `CONFIRMED#<what>/<span>`, counters
of how many were sent for a mailbox, for a door and in all.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.action.carrier import load_carrier
from functions.action.channel import Channel, Message
from functions.action.confirmation import confirming, read_limit, write_confirmation
from functions.action.deliver import (
    ENDED,
    end_unsent,
    find_state,
    name_action,
    open_delivery,
)
from functions.action.page_record import add_ways_out, make_site
from functions.action.pages import PageKeeper
from functions.action.repository import People
from functions.action.settings import read_settings
from functions.action.wire import Wire
from mos.errors import BundleError, ConflictError, LimitReachedError
from mos.events import ConfirmationNeeded
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.page import MailPage, PageKind, PageReason
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle
from mos.ports import Count, Moment, Record

_WAITING, _CHANNEL = "CONFIRMS", "email"
_MOST, _HOUR, _DAY = 100, timedelta(hours=1), timedelta(hours=24)
_STOPS = {"all", _CHANNEL}
SENT, WAITS, LEFT = "confirmations_sent", "confirmations_wait", "confirmations_left"


@dataclass(frozen=True)
class Asking:
    """What asking needs: the way out, whom it is about, the words, and the pages behind the link.

    `place` is what the deployment says to every channel.
    """

    wire: Wire
    people: People
    bundle: Bundle
    pages: PageKeeper
    place: dict[str, str]


def confirm(event: ConfirmationNeeded, moment: Moment, room: Asking) -> str:
    """Ask the mailbox, unless it was asked already or too often; return what came of it."""
    action_id = name_action(event.event_id)
    if room.wire.deliveries.find(action_id)[0] is not None:
        return LEFT
    if not room.pages.is_open or not _still_asks(event, room):
        return LEFT
    table = room.wire.deliveries.table
    if table.get(_WAITING, action_id) is None:
        if not _has_room(event, moment.now, room):
            return LEFT
        table.put_new(Record(_WAITING, action_id, event.canonical()))
    return _try(event, moment, room)


def ask_waiting(moment: Moment, wire: Wire, open_room: Callable[[], Asking]) -> dict[str, int]:
    """Send what waits to be sent; return how many were, still wait, and never go.

    The room is opened only where something waits: there may be no bundle yet.
    """
    counts = {SENT: 0, WAITS: 0, LEFT: 0}
    waiting = wire.deliveries.table.query(_WAITING, limit=_MOST)
    if not waiting:
        return counts
    room = open_room()
    for record in waiting:
        counts[_try(ConfirmationNeeded.parse(record.body), moment, room)] += 1
    return counts


def _try(event: ConfirmationNeeded, moment: Moment, room: Asking) -> str:
    try:
        found = _send(event, moment, room)
    except ConflictError:
        return WAITS
    except BundleError:
        found = None  # The bundle has no words for it: `policy check` says so.
    if found is not None and found.status not in ENDED:
        return WAITS
    room.wire.deliveries.table.delete(_WAITING, name_action(event.event_id))
    return SENT if found is not None and found.status is DeliveryStatus.SENT else LEFT


def _send(event: ConfirmationNeeded, moment: Moment, room: Asking) -> Delivery | None:
    """Return the delivery as it stands after a try; None where nobody asks for it any more."""
    channel = load_carrier(_CHANNEL, room.place)
    decided = confirming(event, room.bundle)
    held, version = room.wire.deliveries.find(name_action(event.event_id))
    person = _find_asking(event, room)
    if held is None and person is None:
        return None
    delivery = find_state(decided, open_delivery(decided, held, channel), moment.now, channel)
    if delivery.status in ENDED and delivery != held:
        room.wire.deliveries.save(delivery, version)
    if delivery.status in ENDED or delivery.held_until is not None or person is None:
        return delivery
    message = _write(event, delivery, channel, moment.now, room)
    return room.wire.send(
        decided, delivery, version, message, channel, moment, lambda mine: _end(event, mine, room)
    )


def _end(event: ConfirmationNeeded, mine: Delivery, room: Asking) -> Delivery | None:
    """Return how it ends where nobody asks any more, now that it is claimed."""
    if _still_asks(event, room):
        return None
    room.pages.forget(mine.action_id, mine.at)
    return end_unsent(mine, DeliveryStatus.SKIPPED, "nobody asks for it any more")


def _write(
    event: ConfirmationNeeded, delivery: Delivery, channel: Channel, now: datetime, room: Asking
) -> Message:
    """Return the mail, having kept the page that its link opens."""
    links = room.pages.link(delivery.action_id)
    if links is None:
        raise ConflictError(delivery.action_id)  # The pages were closed meanwhile: it waits.
    language, subject, body, version = write_confirmation(event, links.form, room.bundle)
    site = make_site(room.bundle)
    page = MailPage(
        kind=PageKind.CONFIRM, action_id=delivery.action_id, action=delivery.action,
        purpose=event.purpose, address=event.address, language=language, site=site.name, at=now,
        reasons=(PageReason(code="yours"),), asks=event.trace_id, text_version=version,
    )  # fmt: skip
    room.pages.keep(links, page, site)
    message = Message(
        action_id=delivery.action_id,
        decision_id=delivery.decision_id,
        action=delivery.action,
        address=event.address,
        owner=None,
        subject=subject,
        body=body,
        due_at=now,
        params={"tracking": "off"},
        settings=read_settings(channel.provider, room.bundle) | room.place,
    )
    return add_ways_out(message, links, language, room.bundle)


def _still_asks(event: ConfirmationNeeded, room: Asking) -> bool:
    return _find_asking(event, room) is not None


def _find_asking(event: ConfirmationNeeded, room: Asking) -> Profile | None:
    """Return the person while their yes waits to be confirmed, and nothing of theirs says no."""
    person = room.people.find(event.person_id)
    if person is None or _STOPS & {stop.channel for stop in person.suppressions}:
        return None
    waits = [s for s in person.consents if s.pending and s.purpose is event.purpose]
    return person if any(state.address == event.address for state in waits) else None


def _has_room(event: ConfirmationNeeded, now: datetime, room: Asking) -> bool:
    """Count one more for the mailbox, the door and the hour; false where one of them is full."""
    mailbox = hashlib.sha256(event.address.encode()).hexdigest()
    spans = (
        (f"mailbox-{mailbox}", _DAY, read_limit("confirmations_per_address", room.bundle)),
        (f"door-{event.door}", _HOUR, read_limit("confirmations_per_key", room.bundle)),
        ("all", _HOUR, read_limit("confirmations_per_hour", room.bundle)),
    )
    for what, span, most in spans:
        window = int(now.timestamp() // span.total_seconds())
        ends = int((now + 2 * span).timestamp())
        place = (f"CONFIRMED#{what}", f"{int(span.total_seconds())}#{window}")
        try:
            room.wire.deliveries.table.count(Count(*place, "mails", at_most=most, expires_at=ends))
        except LimitReachedError:
            return False
    return True
