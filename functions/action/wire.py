"""Send a message: its provider's gate, the claim right before the wire, the answer, the receipt."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from functions.action.channel import Busy, Channel, Message, ProviderAnswer, Refused, Sent, Unsure
from functions.action.deliver import claim, end_unsent, hold, settle
from functions.action.gate import heed, look, next_slot, probe
from functions.action.reading import wait_for_mending
from functions.action.repository import Deliveries, Providers
from mos.errors import RejectedError, UnavailableError, UncertainError
from mos.events import ActionDecided
from mos.model.base import point
from mos.model.call import Call, CallReply
from mos.model.delivery import Delivery, DeliveryStatus
from mos.ports import Exchange, Moment

_CREDENTIAL, _TRIES = "credential", "another call tries the provider"


@dataclass(frozen=True)
class Wire:
    """Where messages leave, and what is written on the way.

    `bases` are the addresses of providers where they differ from those that their channels state.
    """

    deliveries: Deliveries
    providers: Providers
    exchange: Exchange
    region: str = "us-east-1"
    bases: tuple[tuple[str, str], ...] = ()

    def find_wait(
        self, event: ActionDecided, delivery: Delivery, channel: Channel, now: datetime
    ) -> Delivery | None:
        """Return the delivery held where its provider is not to be called now; else None."""
        passage = look(self.providers.find(channel.provider.name)[0], now)
        if passage.until is None:
            return None
        return hold(event, delivery, passage.until, now, passage.why)

    def send(
        self,
        event: ActionDecided,
        delivery: Delivery,
        version: int,
        message: Message,
        channel: Channel,
        moment: Moment,
    ) -> Delivery:
        """Return the delivery as it stands after a try to send it, stored.

        Raises:
            ConflictError: another try of the same action was faster; nothing was sent by this one.
        """
        try:
            call, kept = self._aim(channel.plan(message), channel), dict(channel.keep(message))
        except RejectedError as error:
            ended = end_unsent(delivery, DeliveryStatus.REFUSED, error.detail)
            return self._keep(ended, version)
        artefact = {"subject": message.subject, "owner": message.owner or ""}
        drafted = artefact | ({"body": message.body} if channel.drafts else {})
        delivery = delivery.model_copy(update={"artefact": drafted})
        name = channel.provider.name
        health, seen = self.providers.find(name)
        if health.until is not None and moment.now >= health.until:
            # One call tries; the others wait for what becomes of it.
            health = probe(health, moment.now)
            if not self.providers.save(name, health, seen):
                return self._keep(hold(event, delivery, health.until, moment.now, _TRIES), version)
            seen += 1
        elif (passage := look(health, moment.now)).until is not None:
            held = hold(event, delivery, passage.until, moment.now, passage.why)
            return self._keep(held, version)
        if (stays := self._find_stop(event, delivery, channel, message, moment.now)) is not None:
            return self._keep(stays, version)
        mine = self._await(claim(delivery, moment.now, moment.invocation), channel, message)
        version = self.deliveries.save(mine.model_copy(update={"handle": kept}), version)
        answer = self._ask(call, channel, message, moment.now)
        if (after := heed(health, answer, moment.now)) != health:
            # Who meets another who notes the same leaves it at that.
            self.providers.save(name, after, seen)
        settled = settle(event, mine, answer, moment.now, channel.dedup)
        settled = settled.model_copy(update={"handle": kept})
        if settled.held_until is None:
            settled = settled.model_copy(update={"artefact": artefact})
        return self._keep(self._index(settled, channel), version)

    def _await(self, delivery: Delivery, channel: Channel, message: Message) -> Delivery:
        """Note by when the provider should have told: as its settings say, else as its channel."""
        stated = message.settings.get("patience_hours")
        tells = not channel.tells_by or message.settings.get(channel.tells_by)
        usual = channel.patience if tells else None
        patience = timedelta(hours=float(stated)) if stated else usual
        if not patience:
            return delivery
        due = delivery.at + patience
        self.deliveries.note_awaited(delivery.channel, due, delivery.action_id)
        return delivery.model_copy(update={"told_by": due})

    def _index(self, delivery: Delivery, channel: Channel) -> Delivery:
        """Note under which id its provider will speak of it, where it doesn't name ours."""
        if channel.speaks_by_own_id and delivery.provider_id:
            found = (channel.provider.name, delivery.provider_id, delivery.action_id)
            self.deliveries.note_provider_id(*found)
        return delivery

    def _keep(self, delivery: Delivery, version: int) -> Delivery:
        self.deliveries.save(delivery, version)
        return delivery

    def take_back(self, delivery: Delivery, channel: Channel, now: datetime) -> ProviderAnswer:
        """Ask the provider to undo what it did; what it no longer has is undone."""
        if channel.undo is None:
            return Refused(channel.remedy)
        if delivery.provider_id is None and not delivery.handle:
            return Refused("nobody knows its id there: look for it by hand")
        try:
            reply = self.exchange.exchange(self._aim(channel.undo(delivery), channel))
        except (UnavailableError, UncertainError) as error:
            return Unsure(str(error))
        except RejectedError as error:
            return wait_for_mending(error.detail, now)
        if reply.status in (204, 404):
            return Sent(delivery.provider_id or "", f"answered {reply.status}")
        return _read(channel, reply, now)

    def _find_stop(
        self,
        event: ActionDecided,
        delivery: Delivery,
        channel: Channel,
        message: Message,
        now: datetime,
    ) -> Delivery | None:
        """Return the delivery ended where it was recalled, held where this second has no room.

        None where it may leave.
        """
        if (why := self.deliveries.find_recall(delivery.action_id)) is not None:
            return end_unsent(delivery, DeliveryStatus.SKIPPED, f"recalled: {why}")
        name = channel.provider.name
        per_second = float(message.settings.get("per_second") or channel.per_second)
        if self.providers.take_slot(name, now, per_second):
            return None
        drawn = point("slot", delivery.action_id, str(delivery.holds))
        until = next_slot(delivery.holds, now, drawn)
        return hold(event, delivery, until, now, f"{name} takes {per_second:g} calls a second")

    def _ask(self, call: Call, channel: Channel, message: Message, now: datetime) -> ProviderAnswer:
        answer = self._try(call, channel, now)
        if not isinstance(answer, Sent):
            return answer
        notes = [answer.note] if answer.note else []
        for further in channel.follow(message, answer.provider_id):
            also = self._try(self._aim(further, channel), channel, now, follows=True)
            if isinstance(also, Busy):
                # The message is there: it never ends as one that never left.
                return replace(also, taken=True)
            if isinstance(also, Unsure):
                return also
            if isinstance(also, Refused):
                notes.append(f"not linked: {also.why}")
        return replace(answer, note="; ".join(notes))

    def _try(
        self, call: Call, channel: Channel, now: datetime, *, follows: bool = False
    ) -> ProviderAnswer:
        try:
            reply = self.exchange.exchange(call)
        except UnavailableError as error:
            return Busy(str(error))
        except UncertainError as error:
            return Unsure(str(error))
        except RejectedError as error:
            if error.reason == _CREDENTIAL:
                return wait_for_mending(error.detail, now)
            return Refused(error.detail)
        if follows and reply.status < 300:  # noqa: PLR2004  it was done
            return Sent("")
        return _read(channel, reply, now)

    def _aim(self, call: Call, channel: Channel) -> Call:
        base = dict(self.bases).get(channel.provider.name) or channel.provider.base
        return replace(call, url=base.replace("{region}", self.region) + call.url)


def _read(channel: Channel, reply: CallReply, now: datetime) -> ProviderAnswer:
    """Return what a channel reads in an answer; nobody knows what one of another form means."""
    try:
        return channel.read(reply, now)
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        return Unsure(f"{channel.provider.name} answered in another form: {type(error).__name__}")
