"""Find what was decided and never carried out, and end it once it is too late.

A run that failed, waits for a person, or was given up tells nobody of its end. What was decided
is looked at once, when any run should be through; what has no end then is kept in the own table
until it expires, and ended there: it never left, and says so.

actions: `SWEEP/DECIDED` (up to which moment decisions were looked at),
`OPEN/<expires_at>#<decision>` (one that had no end yet).
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from functions.action import channels
from functions.action.channel import Channel
from functions.action.decided import Decided, Outgoing
from functions.action.deliver import (
    ENDED,
    NEVER_LEFT,
    action_id_of,
    find_state,
    open_delivery,
)
from functions.action.repository import Deliveries
from functions.action.unsent import tell_unsent
from mos import plugins
from mos.errors import ConflictError
from mos.events import ActionDecided, ActionHeld
from mos.model.base import canonical
from mos.model.delivery import Delivery, DeliveryStatus
from mos.ports import Bus, Queue, Record, Table

THROUGH = timedelta(minutes=15)
"""By when a run that waits for nothing has ended, whatever it met."""
RUN_WITHOUT_END = "run_without_end"
_FIRST, _STRIDE, _MOST = timedelta(hours=2), timedelta(hours=48), 200


@dataclass(frozen=True)
class RunParking:
    """The queue of the parked, and the machine that goes on from a decision."""

    queue: Queue
    machine: str

    def write(self, event: ActionDecided) -> str:
        """Return what restarts a run from its decision: the same for the same decision."""
        held = ActionHeld.following(
            event,
            decided=event,
            action_id=action_id_of(event),
            held_until=event.occurred_at,
            held_why="its run ended and told nobody",
        )
        said = {
            "error": RUN_WITHOUT_END,
            "execution": event.decision_id,
            "machine": self.machine,
            "input": held.model_dump(mode="json"),
        }
        return canonical(said)


@dataclass(frozen=True)
class Unfinished:
    """The own table, the ledger, and the bus on which it is said that something never left.

    `parking` is where runs are put that no machine tells of; None where AWS tells of each.
    """

    table: Table
    decided: Decided
    told: Bus
    parking: RunParking | None = None

    @property
    def deliveries(self) -> Deliveries:
        """Return the deliveries in the own table."""
        return Deliveries(self.table)

    def sweep(self, now: datetime) -> dict[str, int]:
        """Look at what was decided meanwhile, end what is too late; return how many of each."""
        mark = self.table.get("SWEEP", "DECIDED") or Record("SWEEP", "DECIDED")
        after = datetime.fromisoformat(mark.tags["until"]) if mark.tags else now - _FIRST
        until = min(now - THROUGH, after + _STRIDE)
        opened = 0
        if after < until:
            opened = self._look(self.decided.list_made(after, until), now)
            # Another sweep may have looked at the same: twice is once.
            with suppress(ConflictError):
                self.table.save(replace(mark, tags={"until": until.isoformat()}))
        return {"runs_open": opened, "runs_expired": self._end_expired(now)}

    def _look(self, made: Sequence[Outgoing], now: datetime) -> int:
        """Keep what has no end; say again what never left, where nobody heard of it."""
        held = self.deliveries.list_named(one.action_id for one in made)
        ended = {d.decision_id: d for d in held if d.status in ENDED}
        unsent = [one for one, delivery in ended.items() if delivery.status in NEVER_LEFT]
        lost = sorted(set(unsent) - self.decided.list_given_back(unsent))
        for decision_id, event in self.decided.retell(lost).items():
            self._say(event, ended[decision_id])
        unfinished = [one for one in made if one.decision_id not in ended]
        self._park([one for one in unfinished if not one.needs_approval], held, now)
        for one in unfinished:
            self.table.put_new(Record("OPEN", f"{one.expires_at}#{one.decision_id}"))
        return len(unfinished)

    def _park(self, open_: Sequence[Outgoing], held: Sequence[Delivery], now: datetime) -> None:
        """Park the runs that died on the way; one that is held goes on elsewhere, in its time."""
        if self.parking is None:
            return
        waits = {d.decision_id for d in held if d.held_until and d.held_until + THROUGH > now}
        dead = [one.decision_id for one in open_ if one.decision_id not in waits]
        bodies = [self.parking.write(event) for event in self.decided.retell(dead).values()]
        if bodies:
            self.parking.queue.send(bodies, RUN_WITHOUT_END)

    def _end_expired(self, now: datetime) -> int:
        due = self.table.between("OPEN", "", (now - THROUGH).isoformat())[:_MOST]
        ids = {record.sk.partition("#")[2]: record for record in due}
        events, ended = self.decided.retell(list(ids)), 0
        for decision_id, record in ids.items():
            event = events.get(decision_id)
            is_ended = self._end(event, now) if event else False
            if is_ended is None:
                continue
            self.table.delete(record.pk, record.sk)
            ended += is_ended
        return ended

    def _end(self, event: ActionDecided, now: datetime) -> bool | None:
        """End one that is too late; false where it has ended already, None where it goes on."""
        if event.channel.replace("_", "-") not in plugins.names(channels):
            # Nobody here can have sent it: whoever comes with the channel finds it too late.
            self.told.publish(tell_unsent(event, DeliveryStatus.SKIPPED, "expired"))
            return True
        channel = plugins.load(channels, event.channel, "CHANNEL", Channel)
        before = open_delivery(event, None, channel)
        held, version = self.deliveries.find(before.action_id)
        after = find_state(event, held or before, now, channel)
        if after.status not in ENDED:
            return None
        if after != held:
            try:
                self.deliveries.save(after, version)
            except ConflictError:
                return None
        self._say(event, after)
        return after != held

    def _say(self, event: ActionDecided, delivery: Delivery) -> None:
        if said := tell_unsent(event, delivery.status, delivery.reason):
            self.told.publish(said)
