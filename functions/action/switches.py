"""What is stopped, in this layer's own table, and what waits because of it.

actions: `SWITCHES/<what>` as it was set last; `STOPPED#<part>/ACTION#<id>` for each action that a
switch holds back, in sixteen parts, until it has ended; `CHANNELS/<channel>` (its provider).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from mos.model.base import point
from mos.model.delivery import Delivery
from mos.model.switch import STOPPED_BY, Switch, SwitchScope, find_stopped_place
from mos.ports import Record, Table

_SWITCHES = "SWITCHES"
_LOOK = timedelta(minutes=5)
"""How long something that is stopped waits before it looks again."""
GUARD = "deliverability"
"""By whose word a channel is stopped that has paused itself."""


class Switches:
    """The switches of this deployment."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note_channels(self, providers: Mapping[str, str]) -> None:
        """Note which channels there are, each with its provider: what can be stopped by name."""
        for channel, provider in providers.items():
            self._table.put_new(Record("CHANNELS", channel, tags={"provider": provider}))

    def set(self, switch: Switch) -> None:
        """Keep a switch; a word that is older than the one that stands changes nothing.

        Of two words of the same moment the one that stops counts.

        Raises:
            ConflictError: somebody else is setting the same one: try again.
        """
        held = self._table.get(_SWITCHES, switch.key)
        if held is not None and _rank(Switch.parse(held.body)) >= _rank(switch):
            return
        version = held.version if held else 0
        self._table.save(Record(_SWITCHES, switch.key, switch.canonical(), version))

    def stop_once(self, switch: Switch) -> bool:
        """Keep a switch by which something stops itself; say whether it was not stopped before.

        Whoever has stopped it already stays the one who lets it leave again, with their reason.

        Raises:
            ConflictError: somebody else is setting the same one: try again.
        """
        held = self._table.get(_SWITCHES, switch.key)
        if held is not None and Switch.parse(held.body).is_stopped:
            return False
        self.set(switch)
        return True

    def find_go(self, channel: str) -> datetime | None:
        """Return since when a channel may leave again that was stopped; None where it never was."""
        held = self._table.get(_SWITCHES, f"{SwitchScope.CHANNEL}:{channel}")
        switch = Switch.parse(held.body) if held is not None else None
        return None if switch is None or switch.is_stopped else switch.at

    def list_stopped(self) -> list[Switch]:
        """Return what is stopped now."""
        found = [Switch.parse(record.body) for record in self._table.query(_SWITCHES)]
        return [one for one in found if one.is_stopped]

    def find(self, *, channel: str, provider: str, action: str, segment: str) -> Switch | None:
        """Return the first switch that stops this; None where it may leave."""
        return next(
            (
                one
                for one in self.list_stopped()
                if one.covers(channel=channel, provider=provider, action=action, segment=segment)
            ),
            None,
        )

    def note_stopped(
        self, delivery: Delivery, provider: str, segment: str, expires_at: datetime
    ) -> None:
        """Note that an action is held back, and what switches may be about it.

        A plan of what would leave is made of these: whichever switch holds it just now.
        """
        ends = int((expires_at + timedelta(days=2)).timestamp())
        tags = {"provider": provider, "segment": segment, "expires": expires_at.isoformat()}
        place = (find_stopped_place(delivery.action_id), f"ACTION#{delivery.action_id}")
        self._table.put_new(Record(*place, tags=tags, expires_at=ends))

    def drop_stopped(self, action_id: str) -> None:
        """Note that an action is no longer held back: it has ended."""
        self._table.delete(find_stopped_place(action_id), f"ACTION#{action_id}")


def _rank(switch: Switch) -> tuple[datetime, bool]:
    return switch.at, switch.is_stopped


def find_next_look(delivery: Delivery, now: datetime) -> datetime:
    """Return when something that is stopped looks again: not all of it in one second."""
    drawn = point("stopped", delivery.action_id, str(delivery.holds))
    return now + _LOOK * (0.5 + 0.5 * drawn)


def say_stopped(switch: Switch) -> str:
    """Return why something is held back, in words."""
    return f"{STOPPED_BY}{switch.key}) by {switch.by}: {switch.why}"
