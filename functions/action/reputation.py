"""What a channel does to our name: its messages, and what came back of them, by the hour.

actions: `REPUTATION#<channel>/<cohort>#sent` and `…#<harm>`: how many messages left in an hour,
and of how many of these its provider told that they bounced, or were complained about, whenever it
told. Who lets a paused channel leave again begins a new cohort: what left before is judged no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.action.channel import Channel
from functions.action.switches import GUARD, Switches
from mos.events import ReceiptObserved
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.switch import Switch, SwitchScope
from mos.policy.bundle.bundle import Bundle
from mos.ports import Count, Table

TABLE = "contact/deliverability"
_SENT, _NUMBER = "sent", "messages"
_KEPT = timedelta(days=35)
_PASSING = {"transient", "suppressed"}
"""What harms nobody: a mailbox that is full, an absence, a mail that SES itself held back."""
_UNCERTAIN = {DeliveryStatus.UNKNOWN, DeliveryStatus.CLAIMED}


@dataclass(frozen=True)
class Harm:
    """How many of the messages that left within some hours came back so, and what a row allows."""

    name: str
    count: int
    sent: int
    hours: float
    share: float
    warn_share: float
    pause_share: float
    row: str

    @property
    def is_warned(self) -> bool:
        """Say whether it is time that somebody looks."""
        return self.count > 0 and self.share >= self.warn_share

    @property
    def pauses(self) -> bool:
        """Say whether the channel pauses."""
        return self.count > 0 and self.share >= self.pause_share

    @property
    def words(self) -> str:
        """Return the numbers."""
        return (
            f"{self.count} of {self.sent} messages of {self.hours:g} hours {self.name}: "
            f"{self.share:.2%} counts, {self.pause_share:.2%} pauses ({TABLE}#{self.row})"
        )


class Reputation:
    """The counters of this layer's own table."""

    def __init__(self, table: Table, switches: Switches) -> None:
        self._table, self._switches = table, switches

    def find_cohort(self, channel: str, at: datetime) -> datetime:
        """Return with which messages one is counted that left at a moment.

        Those of its hour, or of what is left of it since somebody let the channel leave again.
        """
        hour = at.replace(minute=0, second=0, microsecond=0)
        since = self._switches.find_go(channel)
        return since if since is not None and hour < since <= at else hour

    def count_sent(self, channel: str, cohort: datetime) -> None:
        """Count a message that left."""
        self._table.count(_count(channel, cohort, _SENT))

    def add_receipt(
        self, before: Delivery, after: Delivery, event: ReceiptObserved, channel: Channel
    ) -> tuple[Delivery, tuple[Count, ...]]:
        """Return a delivery with what a receipt counts for, and what to count with its save.

        One is counted once as bounced and once as complained about, whatever is told how often.
        One that ended before sends were counted is not: its hour would know of its harm alone.
        """
        if not channel.harms:
            return after, ()
        counts: tuple[Count, ...] = ()
        has_left = before.status in _UNCERTAIN and event.receipt not in channel.denials
        if after.cohort is None and has_left:
            cohort = self.find_cohort(after.channel, after.at)
            after = after.model_copy(update={"cohort": cohort})
            counts = (_count(after.channel, cohort, _SENT),)
        harm = find_harm(event, channel)
        if harm is None or after.cohort is None or harm in after.harms:
            return after, counts
        told = after.model_copy(update={"harms": (*after.harms, harm)})
        return told, (*counts, _count(after.channel, after.cohort, harm))

    def judge(self, name: str, channel: Channel, bundle: Bundle, now: datetime) -> list[Harm]:
        """Return how a channel stands by each of its harms that the bundle sets a limit for."""
        found = []
        for harm in dict.fromkeys(channel.harms.values()):
            limit = _find_limit(name, channel, harm, bundle)
            if limit is not None:
                found.append(self._judge(name, harm, *limit, now))
        return found

    def _judge(
        self, name: str, harm: str, row: str, said: Mapping[str, object], now: datetime
    ) -> Harm:
        hours, volume = _number(said, "hours"), _number(said, "volume")
        counts = self._read(name, now - timedelta(hours=hours), now)
        count, sent = counts.get(harm, 0), counts.get(_SENT, 0)
        pause = _number(said, "pause_share")
        warn = _number(said, "warn_share") if "warn_share" in said else pause
        share = count / max(sent, volume, 1)
        return Harm(harm, count, sent, hours, share, warn, pause, row)

    def _read(self, channel: str, since: datetime, now: datetime) -> dict[str, int]:
        """Return what was counted of messages since a moment, or since they may leave again."""
        again = self._switches.find_go(channel)
        first = max(since, again) if again is not None else since
        found: dict[str, int] = {}
        for record in self._table.between(
            _place(channel), first.isoformat(), f"{now.isoformat()}~"
        ):
            what = record.sk.rpartition("#")[2]
            found[what] = found.get(what, 0) + int(record.numbers.get(_NUMBER, 0))
        return found


def find_harm(event: ReceiptObserved, channel: Channel) -> str | None:
    """Return as what a receipt counts against its channel; None where it does not."""
    harm = channel.harms.get(event.receipt)
    return harm if event.why not in _PASSING else None


def make_pause(name: str, harms: list[Harm], now: datetime) -> Switch | None:
    """Return the switch that pauses a channel, with the numbers; None where it stands well."""
    why = "; ".join(one.words for one in harms if one.pauses)
    return stop_channel(name, why, now) if why else None


def stop_channel(name: str, why: str, now: datetime) -> Switch:
    """Return the switch by which a channel pauses itself."""
    return Switch(
        scope=SwitchScope.CHANNEL, name=name, is_stopped=True, why=why, by=GUARD, at=now
    )  # fmt: skip


def _find_limit(
    name: str, channel: Channel, harm: str, bundle: Bundle
) -> tuple[str, Mapping[str, object]] | None:
    """Return the row that limits a harm, and what it says; None where the bundle has none."""
    if TABLE not in bundle.names("tables"):
        return None
    asked = {
        "delivery.channel": name,
        "delivery.provider": channel.provider.name,
        "delivery.harm": harm,
    }
    answer = bundle.table(TABLE).evaluate(asked)
    return (str(answer.row_id), answer.output) if "pause_share" in answer.output else None


def _number(said: Mapping[str, object], name: str) -> float:
    return float(str(said[name]))


def _count(channel: str, cohort: datetime, what: str) -> Count:
    ends = int((cohort + _KEPT).timestamp())
    return Count(_place(channel), f"{cohort.isoformat()}#{what}", _NUMBER, expires_at=ends)


def _place(channel: str) -> str:
    return f"REPUTATION#{channel}"
