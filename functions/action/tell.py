"""Tell a colleague: a notice is kept first, sent at most once, and tried until it is too late.

actions: `NOTICES/<notice id>` while it waits, `NOTICES#<day>/<notice id>` (the day on which the
promise ran out) for some weeks as it stands; how it was delivered is an action like any other
(`ACTION#<id>/DELIVERY`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from functions.action import channels
from functions.action.channel import Channel, Message
from functions.action.deliver import ENDED, find_state, name_action, open_delivery
from functions.action.dry_run import find_dry_run
from functions.action.escalate import decided_by, make_notice, write_notice
from functions.action.records import find_records
from functions.action.repository import People
from functions.action.settings import read_settings
from functions.action.wire import Wire
from mos import plugins
from mos.errors import BundleError, ConflictError
from mos.events import SlaChanged
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.notice import Notice
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment, Record, Table

_WAITING = "NOTICES"
_KEPT = timedelta(days=35)
_MOST = 100
_SENT, _WAITS, _DROPPED = "notices_sent", "notices_wait", "notices_dropped"
_GONE = {DeliveryStatus.SENT, DeliveryStatus.UNKNOWN}


class Notices:
    """The notices in this layer's own table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, notice: Notice) -> None:
        """Keep a new notice; one that is known already stays as it is."""
        place, ends = _place(notice), int((notice.at + _KEPT).timestamp())
        if self._table.get(*place) is None:
            # That it waits is written first: one that is only listed would never be sent.
            if not notice.tried:
                self._table.put_new(Record(_WAITING, notice.notice_id, notice.canonical()))
            self._table.put_new(Record(*place, notice.canonical(), expires_at=ends))

    def list_waiting(self) -> list[Notice]:
        """Return those that were not delivered yet."""
        return [Notice.parse(r.body) for r in self._table.query(_WAITING, limit=_MOST)]

    def end(self, notice: Notice, tried: str) -> None:
        """Keep what became of a notice: it waits no more."""
        held = self._table.get(*_place(notice))
        if held is not None:
            told = notice.model_copy(update={"tried": tried})
            self._table.save(
                Record(held.pk, held.sk, told.canonical(), held.version, expires_at=held.expires_at)
            )
        self._table.delete(_WAITING, notice.notice_id)


def _place(notice: Notice) -> tuple[str, str]:
    return f"NOTICES#{notice.clock.due_at:%Y-%m-%d}", notice.notice_id


@dataclass(frozen=True)
class Telling:
    """What telling a colleague needs: the way out, the account's name, a bundle by its digest."""

    wire: Wire
    people: People
    load: Callable[[str], Bundle]
    notices: Notices


def escalate(event: SlaChanged, moment: Moment, room: Telling) -> SlaChanged:
    """Keep the notice that a broken promise asks for, and send it if it can leave now."""
    bundle = room.load(event.bundle)
    account = room.people.account(event.account_id)
    made = make_notice(event, room.wire.deliveries.of_group(event.group_id), account, bundle)
    if made is not None:
        room.notices.add(made)
        if not made.tried:
            _try(made, moment, room)
    return event


def tell_waiting(moment: Moment, room: Telling) -> dict[str, int]:
    """Send the notices that wait; return how many were, how many still wait, how many never go."""
    counts = {_SENT: 0, _WAITS: 0, _DROPPED: 0}
    for notice in room.notices.list_waiting():
        counts[_try(notice, moment, room)] += 1
    return counts


def _try(notice: Notice, moment: Moment, room: Telling) -> str:
    """Send a notice if it can leave, keep what became of it, and return what it counts as."""
    try:
        found = _send(notice, moment, room)
    except ConflictError:
        return _WAITS
    except BundleError as error:
        found = f"its bundle cannot be read: {error.detail}"
    if isinstance(found, str):
        room.notices.end(notice, f"refused: {found}")
        return _DROPPED
    if found.status not in ENDED:
        return _WAITS
    room.notices.end(notice, f"{found.status.value}: {found.reason}")
    return _SENT if found.status in _GONE else _DROPPED


def _send(notice: Notice, moment: Moment, room: Telling) -> Delivery | str:
    """Return the delivery of a notice as it stands after a try, or why it can never leave."""
    event, wire, bundle = decided_by(notice), room.wire, room.load(notice.bundle)
    if notice.channel.replace("_", "-") not in plugins.names(channels):
        return f"there is no channel {notice.channel}"
    channel = plugins.load(channels, notice.channel, "CHANNEL", Channel)
    held, version = wire.deliveries.find(name_action(notice.notice_id))
    delivery = find_state(event, open_delivery(event, held, channel), moment.now, channel)
    if delivery.status in ENDED and delivery != held:
        wire.deliveries.save(delivery, version)
    if delivery.status in ENDED or delivery.held_until is not None:
        return delivery
    account = room.people.account(notice.account_id)
    records = find_records(channel.provider.name, event, None, account, bundle)
    if "owner" not in records:
        return f"{notice.to} has no id in {channel.provider.name}: add it to `crm` of routing/reps"
    subject, body = write_notice(notice, account, bundle)
    message = Message(
        action_id=delivery.action_id,
        decision_id=notice.notice_id,
        action=event.action.name,
        address=None,
        owner=notice.to,
        subject=subject,
        body=body,
        due_at=notice.expires_at,
        settings=read_settings(channel.provider, bundle),
        records=records,
        dry_run=find_dry_run(event, {}, account, bundle),
    )
    return wire.send(event, delivery, version, message, channel, moment, lambda _mine: None)
