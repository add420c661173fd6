"""What the hands do when everything goes wrong: killed, throttled, an outage, a withdrawal."""

import heapq
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from functions.action.channel import Channel, Dedup
from functions.action.listen import observe, withdraw
from lab.bench.hands import NOON, Hands, decided, list_channels, name_channel, somebody
from mos.errors import UnavailableError
from mos.events import ActionHeld, ConsentWithdrawn, ReceiptObserved
from mos.memory.table import FakeTable
from mos.model.base import point
from mos.model.call import Call, CallReply
from mos.model.consent import Purpose
from mos.model.delivery import Delivery, DeliveryStatus
from mos.ports import Count, Moment, Record
from mos.runtime import metrics

_STEPS = 40


class KilledError(BaseException):
    """The process is gone: nobody catches this."""


@dataclass
class Reaper:
    """Kills at a side effect: before it is done, or after."""

    at: int
    after: bool
    seen: int = 0

    def strike(self, *, done: bool) -> None:
        """Count a side effect (when it is not yet done), and kill where this is the one."""
        if not done:
            self.seen += 1
        if self.seen == self.at and done is self.after:
            self.at = -1
            raise KilledError


class DeadlyTable(FakeTable):
    """A table at whose writes the process may die."""

    def __init__(self, reaper: Reaper) -> None:
        super().__init__()
        self._reaper = reaper

    def save(self, record: Record) -> Record:
        self._reaper.strike(done=False)
        stored = super().save(record)
        self._reaper.strike(done=True)
        return stored

    def put_new(self, record: Record) -> bool:
        self._reaper.strike(done=False)
        stored = super().put_new(record)
        self._reaper.strike(done=True)
        return stored

    def count(self, change: Count) -> float:
        self._reaper.strike(done=False)
        total = super().count(change)
        self._reaper.strike(done=True)
        return total


@dataclass
class DeadlyWire:
    """A provider at whose call the process may die: before it was made, or after it was taken."""

    hands: Hands
    reaper: Reaper

    def exchange(self, call: Call) -> CallReply:
        """Make the call."""
        self.reaper.strike(done=False)
        reply = self.hands.wire.exchange(call)
        self.reaper.strike(done=True)
        return reply


def measure_deaths() -> list[dict[str, Any]]:
    """Return, for each dedup class, what came of a death at every side effect of a delivery."""
    return [_measure_channel(name, channel) for name, channel in list_channels().items()]


def _measure_channel(channel: str, found: Channel) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    for place in range(1, _STEPS):
        for after in (False, True):
            ended = _die_at(channel, place, after=after)
            if ended is None:
                continue
            counts["deaths"] += 1
            for name in ended:
                counts[name] += 1
    names = ("deaths", "sent", "unknown", "reconciled", "twice", "lost")
    row = {"channel": channel, "dedup": found.dedup.value}
    return row | {name: counts[name] for name in names}


def _die_at(channel: str, place: int, *, after: bool) -> list[str] | None:
    """Return what came of a death there; None where a delivery has no such side effect."""
    reaper = Reaper(place, after)
    hands = Hands(actions=DeadlyTable(reaper))
    hands.exchange = DeadlyWire(hands, reaper)
    hands.know(somebody(1))
    event = decided(channel, 1)
    try:
        hands.ask(event, NOON, "first")
    except KilledError:
        pass
    else:
        return None
    said, at = hands.deliver(event, NOON)
    took = {_key_of(channel, kept) for kept in hands.wire.inbox if _is_message(kept)}
    times = [kept for kept in hands.wire.inbox if _is_message(kept)]
    is_without_key = list_channels()[channel].dedup is Dedup.RECEIPT
    is_twice = len(took) > 1 or (is_without_key and len(times) > 1)
    ended = ["sent"] if said.status is DeliveryStatus.SENT else ["unknown"]
    receipts = list_channels()[channel].receipts
    if said.status is DeliveryStatus.UNKNOWN and took and receipts:
        told = ReceiptObserved(
            event_id="evt_r", cause_id="sig_r", trace_id="sig_r", occurred_at=at,
            action_id=said.action_id, receipt=receipts[0],
        )  # fmt: skip
        observe(told, hands.way_out())
        stored = Delivery.parse(_stored(hands, said.action_id).body)
        ended += ["reconciled"] if stored.status is DeliveryStatus.SENT else []
    is_lost = not took and said.status is not DeliveryStatus.UNKNOWN
    return [*ended, *(["twice"] if is_twice else []), *(["lost"] if is_lost else [])]


def _is_message(kept: dict[str, Any]) -> bool:
    return bool(kept.get("what", "task") == "task")


def _key_of(channel: str, kept: dict[str, Any]) -> str:
    return str(kept["tags"].get("action_id") or (channel, kept["to"], kept["body"]))


def _stored(hands: Hands, action_id: str) -> Record:
    found = hands.actions.get(f"ACTION#{action_id}", "DELIVERY")
    if found is None:
        raise RuntimeError(action_id)
    return found


@dataclass
class Weather:
    """A bad day: one provider is down for ten minutes, and a share of all calls is throttled."""

    hands: Hands
    down: str
    share: float
    now: datetime = NOON
    calls: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)

    def exchange(self, call: Call) -> CallReply:
        """Answer as the weather is at this moment."""
        name = call.provider
        self.calls[name] += 1
        if name == self.down and self.now < NOON + timedelta(minutes=10):
            raise UnavailableError(name, "nobody answers")
        if point("weather", name, str(self.calls[name])) < self.share:
            return CallReply(429, {}, b"{}")
        self.taken[name] += 1
        return self.hands.wire.exchange(call)


def measure_weather(each: int = 300, share: float = 0.3) -> list[dict[str, Any]]:
    """Return what came of a bad day for `each` messages a channel.

    The provider that takes our key is down. Time is virtual: each message comes back when it was
    told to.
    """
    hands = Hands()
    weather = Weather(hands, list_channels()[name_channel(Dedup.KEY)].provider.name, share)
    hands.exchange = weather
    for number in range(each):
        hands.know(somebody(number))
    waiting = [
        (NOON + timedelta(milliseconds=200 * number), channel, number)
        for channel in list_channels()
        for number in range(each)
    ]
    heapq.heapify(waiting)
    sent: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    while waiting:
        at, channel, number = heapq.heappop(waiting)
        weather.now = at
        said = hands.ask(decided(channel, number), at, f"{channel}-{number}")
        if isinstance(said, ActionHeld):
            heapq.heappush(waiting, (said.held_until, channel, number))
            continue
        sent[channel] += said.status is DeliveryStatus.SENT
        last[channel] = max(at, last.get(channel, at))
    rows, sharing = [], Counter(found.provider.name for found in list_channels().values())
    for channel, found in list_channels().items():
        name = found.provider.name
        rows.append(
            {
                "channel": channel, "messages": each, "sent": sent[channel],
                "calls each": round(weather.calls[name] / each / sharing[name], 2),
                "last after": str(last[channel] - NOON).split(".")[0],
            }
        )  # fmt: skip
    return rows


def measure_withdrawal(count: int = 1000) -> list[dict[str, Any]]:
    """Return what leaves of a storm for people half of whom say no in the midst of it."""
    hands, channel = Hands(), name_channel(Dedup.SET)
    for number in range(count):
        hands.know(somebody(number))
    logging.disable(logging.WARNING)
    said_no, late, back = set[int](), 0, 0
    for number in range(count):
        if number == count // 2:
            said_no = set(range(count // 4, 3 * count // 4))
            for one in said_no:
                hands.know(somebody(one, granted=False))
                told = ConsentWithdrawn(
                    event_id=f"evt_{one}", cause_id="sig", trace_id="sig", occurred_at=NOON,
                    people=(f"per_{one}",), purposes=tuple(Purpose),
                )  # fmt: skip
                withdraw(told, Moment(NOON), hands.way_out())
                metrics().clear_metrics()
        at = NOON + timedelta(seconds=number)
        said, _ = hands.deliver(decided(channel, number), at)
        late += number in said_no and said.status is DeliveryStatus.SENT
    inside: Counter[str] = Counter()
    for kept in hands.wire.inbox:
        inside[kept["body"]] += 1 if "added" in kept["subject"] else -1
    back = sum(total == 0 for total in inside.values())
    logging.disable(logging.NOTSET)
    return [
        {
            "people": count, "said no": len(said_no), "left after it": late,
            "taken back": back, "of the others in it": sum(inside.values()),
        }
    ]  # fmt: skip
