"""What a decision would send at a moment, or why it would not; nobody is called. Pure.

A draft is its template, and what a provider, its limits or room in the caps would say is not asked.
"""

from dataclasses import dataclass
from datetime import datetime

from functions.action import channels
from functions.action.channel import Channel
from functions.action.check import Whom, check, read_facts, tell_wait
from functions.action.deliver import ENDED, find_state, open_delivery
from functions.action.dry_run import find_dry_run
from functions.action.settings import read_settings
from functions.action.switches import say_stopped
from functions.action.write import write_message
from mos import plugins
from mos.events import ActionDecided
from mos.model.account import Account
from mos.model.delivery import Delivery
from mos.model.profile import Profile
from mos.model.switch import Switch
from mos.policy.bundle.bundle import Bundle
from mos.tasks.draft_email import fill


@dataclass(frozen=True)
class Preview:
    """Whether it would leave now, and why not or not yet; what would be read, and by whom.

    `dry_run` says by which row it would be rehearsed alone.
    """

    would_leave: bool
    why: str
    until: datetime | None = None
    subject: str = ""
    body: str = ""
    owner: str = ""
    dry_run: str = ""


@dataclass(frozen=True)
class Present:
    """How things stand: whom it is for, their account, what is stored of its delivery.

    `recall` is why it was recalled, `switches` are what is stopped. The bundle that is `in_force`
    may have retired what was decided to say; without one it is the decision's own.
    """

    person: Profile | None
    account: Account | None
    whom: Whom
    delivery: Delivery | None = None
    recall: str = ""
    switches: tuple[Switch, ...] = ()
    in_force: Bundle | None = None


def preview(event: ActionDecided, present: Present, bundle: Bundle, now: datetime) -> Preview:
    """Return what would leave for a decision, and whether it would."""
    if event.channel == "none":
        return Preview(would_leave=False, why=f"{event.action.name} touches nobody")
    if event.channel.replace("_", "-") not in plugins.names(channels):
        return Preview(would_leave=False, why=f"there is no channel {event.channel} here")
    channel = plugins.load(channels, event.channel, "CHANNEL", Channel)
    delivery = find_state(event, open_delivery(event, present.delivery, channel), now, channel)
    message = write_message(
        event, delivery, present.person, present.account, bundle, fill, channel,
        read_settings(channel.provider, bundle),
    )  # fmt: skip
    why, until = _find_hindrance(event, delivery, present, channel, bundle, now)
    facts = (
        read_facts(event, present.person, present.whom, bundle, now)
        if present.person is not None
        else {}
    )
    return Preview(
        would_leave=not why,
        why=why or "nothing that is looked at here keeps it back",
        until=until,
        subject=message.subject,
        body=message.body,
        owner=message.owner or "",
        dry_run=find_dry_run(event, facts, present.account, bundle),
    )


def _find_hindrance(
    event: ActionDecided,
    delivery: Delivery,
    present: Present,
    channel: Channel,
    bundle: Bundle,
    now: datetime,
) -> tuple[str, datetime | None]:
    """Return why it would not leave now, and until when it would wait; empty where it would."""
    if (undone := delivery.undone) is not None and undone.done:
        return f"it was taken back on {undone.at:%Y-%m-%d %H:%M} UTC: {undone.why}", None
    if delivery.status in ENDED:
        return f"it has ended: {delivery.status.value} ({delivery.reason})", None
    if delivery.held_until is not None:
        return delivery.reason, delivery.held_until
    in_force = present.in_force or bundle
    verdict = check(event, present.person, present.whom, bundle, now, in_force)
    if isinstance(verdict, datetime):
        return tell_wait(present.person, verdict), verdict
    if verdict is not None:
        return f"{verdict[0].value}: {verdict[1]}", None
    stopped = (one for one in present.switches if _covers(one, event, channel))
    found = f"recalled: {present.recall}" if present.recall else ""
    return found or next((say_stopped(one) for one in stopped), ""), None


def _covers(switch: Switch, event: ActionDecided, channel: Channel) -> bool:
    return switch.covers(
        channel=event.channel,
        provider=channel.provider.name,
        action=event.action.name,
        segment=event.segment,
    )
