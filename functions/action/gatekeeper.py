"""Whether something may leave now: switches, the provider's breaker, its calls of this second."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from functions.action.channel import Busy, Channel, Message, ProviderAnswer
from functions.action.deliver import hold
from functions.action.gate import ProviderHealth, heed, look, next_slot, probe
from functions.action.repository import Providers
from functions.action.reputation import stop_channel
from functions.action.switches import Switches, find_next_look, say_stopped
from functions.action.warm_up import find_next_day, find_warm_up
from mos.errors import ConflictError
from mos.events import ActionDecided
from mos.model.base import point
from mos.model.delivery import Delivery

_TRIES = "another call tries the provider"


@dataclass(frozen=True)
class Gatekeeper:
    """Says of a delivery that it is held, until when and why."""

    providers: Providers
    switches: Switches

    def find_wait(
        self, event: ActionDecided, delivery: Delivery, channel: Channel, now: datetime
    ) -> Delivery | None:
        """Return the delivery held where it is stopped, or its provider not to be called now.

        None where it may leave.
        """
        if (stopped := self.find_stopped(event, delivery, channel, now)) is not None:
            return stopped
        passage = look(self.providers.find(channel.provider.name)[0], now)
        if passage.until is None:
            return None
        return hold(event, delivery, passage.until, now, passage.why)

    def find_stopped(
        self, event: ActionDecided, delivery: Delivery, channel: Channel, now: datetime
    ) -> Delivery | None:
        """Return the delivery held back by a switch, and noted as such; None where none does."""
        switch = self.switches.find(
            channel=event.channel,
            provider=channel.provider.name,
            action=event.action.name,
            segment=event.segment,
        )
        if switch is None:
            return None
        self.switches.note_stopped(delivery, channel.provider.name, event.segment, event.expires_at)
        return hold(event, delivery, find_next_look(delivery, now), now, say_stopped(switch))

    def heed(
        self,
        event: ActionDecided,
        delivery: Delivery,
        channel: Channel,
        answer: ProviderAnswer,
        seen: tuple[ProviderHealth, int],
        now: datetime,
    ) -> None:
        """Keep what an answer says of its provider's health, as it was seen before the call.

        One that has stopped us pauses the channel.
        """
        health, version = seen
        if (after := heed(health, answer, now)) != health:
            # Who meets another who notes the same leaves it at that.
            self.providers.save(channel.provider.name, after, version)
        if isinstance(answer, Busy) and answer.halts:
            self._halt(event, delivery, channel, answer.why, now)

    def _halt(
        self, event: ActionDecided, delivery: Delivery, channel: Channel, why: str, now: datetime
    ) -> None:
        """Pause a channel until a person lets it leave again."""
        switch = stop_channel(event.channel, f"{channel.provider.name}: {why}", now)
        with suppress(ConflictError):  # Somebody else notes the same.
            self.switches.stop_once(switch)
        self.switches.note_stopped(delivery, channel.provider.name, event.segment, event.expires_at)

    def open(
        self, event: ActionDecided, delivery: Delivery, channel: Channel, now: datetime
    ) -> Delivery | tuple[ProviderHealth, int]:
        """Return the provider's health as it is stored; the delivery held, where it must wait."""
        name = channel.provider.name
        health, seen = self.providers.find(name)
        if health.until is None:
            return health, seen
        if now < health.until:
            return hold(event, delivery, health.until, now, health.why)
        # One call tries; the others wait for what becomes of it.
        probing = probe(health, now)
        if self.providers.save(name, probing, seen):
            return probing, seen + 1
        return hold(event, delivery, probing.until, now, _TRIES)

    def take_room(
        self,
        event: ActionDecided,
        delivery: Delivery,
        channel: Channel,
        message: Message,
        now: datetime,
    ) -> Delivery:
        """Return the delivery with room in this second and day; held, where there is none."""
        name = channel.provider.name
        per_second = float(message.settings.get("per_second") or channel.per_second)
        if self.providers.take_slot(name, now, per_second):
            return self._take_day(event, delivery, channel, message, now)
        drawn = point("slot", delivery.action_id, str(delivery.holds))
        until = next_slot(delivery.holds, now, drawn)
        return hold(event, delivery, until, now, f"{name} takes {per_second:g} calls a second")

    def _take_day(
        self,
        event: ActionDecided,
        delivery: Delivery,
        channel: Channel,
        message: Message,
        now: datetime,
    ) -> Delivery:
        """Take room of the day of a domain that warms up, once however often it is tried that day.

        Room that was taken by what leaves nothing in the end does not come back.
        """
        found = find_warm_up(message.settings, now)
        if found is None or delivery.room == found.place:
            return delivery
        if self.providers.take_day(channel.provider.name, found.place, found.at_most, now):
            return delivery.model_copy(update={"room": found.place})
        until = find_next_day(delivery.action_id, delivery.holds, event.expires_at, now)
        return hold(event, delivery, until, now, found.words)
