"""Send a message: its provider's gate, the claim right before the wire, the answer, the receipt."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from functions.action.aim import aim
from functions.action.cap_check import CapCheck, Uncapped
from functions.action.channel import (
    Busy,
    Channel,
    Message,
    ProviderAnswer,
    Refused,
    Sent,
    Unsure,
)
from functions.action.deliver import claim, end_unsent, settle
from functions.action.dry_run import rehearse
from functions.action.gate import ProviderHealth
from functions.action.gatekeeper import Gatekeeper
from functions.action.patience import await_receipt
from functions.action.reading import Answerless, interpret, read_answer, wait_for_mending
from functions.action.repository import Deliveries, Providers
from functions.action.reputation import Reputation
from functions.action.switches import Switches
from mos.errors import RejectedError, UnavailableError, UncertainError
from mos.events import ActionDecided
from mos.model.call import Call, CallReply
from mos.model.delivery import Delivery, DeliveryStatus
from mos.ports import Bus, Exchange, Moment

LookAgain = Callable[[Delivery], Delivery | None]
"""Says how a delivery stands that may not leave any more; None where it may."""
_TO_MEND = {"credential", "own_address", "blocked_call"}
_ELSEWHERE = "they are reached elsewhere now than at the first try"


@dataclass(frozen=True)
class Wire:
    """Where messages leave, and what is written on the way.

    `bases` are the addresses of providers where they differ from those that their channels state.
    With `dry_run` nothing new leaves: it says who wants that. On `told` it is said what was taken
    back.
    """

    deliveries: Deliveries
    providers: Providers
    exchange: Exchange
    region: str = "us-east-1"
    bases: tuple[tuple[str, str], ...] = ()
    dry_run: str = ""
    told: Bus | None = None

    @property
    def switches(self) -> Switches:
        """Return what is stopped."""
        return Switches(self.deliveries.table)

    @property
    def reputation(self) -> Reputation:
        """Return what was counted for and against each channel."""
        return Reputation(self.deliveries.table, self.switches)

    @property
    def gate(self) -> Gatekeeper:
        """Return what says whether something may leave now."""
        return Gatekeeper(self.providers, self.switches)

    def send(
        self,
        event: ActionDecided,
        delivery: Delivery,
        version: int,
        message: Message,
        channel: Channel,
        moment: Moment,
        look_again: LookAgain,
        caps: CapCheck | None = None,
    ) -> Delivery:
        """Return the delivery as it stands after a try to send it, stored.

        Whether it may leave is looked at once more when it is claimed: who says no from then on
        finds the claim, and who said it before is found. The claim takes its room of `caps`.

        Raises:
            ConflictError: another try of the same action was faster, and this one has sent nothing;
                or it was erased while it was sent, and is followed once its lease is over.
        """
        try:
            call, kept = channel.plan(message), dict(channel.keep(message))
        except RejectedError as error:
            ended = end_unsent(delivery, DeliveryStatus.REFUSED, error.detail)
            return self._keep(ended, version)
        if delivery.is_unsure and delivery.handle and delivery.handle != kept:
            # Sent to another place as well it would be there twice, and be taken back from one.
            return self._keep(end_unsent(delivery, DeliveryStatus.SKIPPED, _ELSEWHERE), version)
        artefact = {"subject": message.subject, "owner": message.owner or ""}
        drafted = artefact | ({"body": message.body} if channel.drafts else {})
        delivery = delivery.model_copy(update={"artefact": drafted})
        entered = self._enter(event, delivery, channel, message, moment.now)
        if isinstance(entered, Delivery):
            return self._keep(entered, version)
        delivery, gate = entered
        mine = claim(delivery, moment.now, moment.invocation)
        mine = await_receipt(self.deliveries, mine, channel, message)
        room = caps or Uncapped(self.deliveries)
        taken = room.claim(mine.model_copy(update={"handle": kept}), version, delivery, moment.now)
        if isinstance(taken, Delivery):
            return self._keep(taken, version)
        version = taken
        stays = self.find_recall(delivery)
        stays = stays or self.gate.find_stopped(event, delivery, channel, moment.now)
        if (stays := stays or look_again(delivery)) is not None:
            written = drafted if stays.held_until is not None else {}
            return self._keep(stays.model_copy(update={"artefact": written}), version)
        answer = self._ask(call, channel, message, moment.now)
        self.gate.heed(event, mine, channel, answer, gate, moment.now)
        settled = settle(event, mine, answer, moment.now, channel.dedup)
        settled = settled.model_copy(update={"handle": kept})
        if settled.held_until is None:
            settled = settled.model_copy(update={"artefact": artefact})
        return self._count(self._keep(self._index(settled, channel, moment.now), version))

    def _enter(
        self,
        event: ActionDecided,
        delivery: Delivery,
        channel: Channel,
        message: Message,
        now: datetime,
    ) -> Delivery | tuple[Delivery, tuple[ProviderHealth, int]]:
        """Return the delivery with room at its provider, and how that does; held, where it waits.

        A dry run ends it, or holds it back: no room of a second or a day is taken then, and the
        provider's health is not asked.
        """
        if why := message.dry_run or self.dry_run:
            stays = self.find_recall(delivery)
            stays = stays or self.gate.find_stopped(event, delivery, channel, now)
            return stays or rehearse(delivery, message, why)
        health = self.gate.open(event, delivery, channel, now)
        if isinstance(health, Delivery):
            return health
        delivery = self.gate.take_room(event, delivery, channel, message, now)
        return delivery if delivery.held_until is not None else (delivery, health)

    def _index(self, delivery: Delivery, channel: Channel, now: datetime) -> Delivery:
        """Note how its provider will speak of it, to whom it was given, and that it left."""
        if channel.harms and delivery.status is DeliveryStatus.SENT:
            cohort = self.reputation.find_cohort(delivery.channel, now)
            delivery = delivery.model_copy(update={"cohort": cohort})
        if delivery.holds and delivery.held_until is None:
            self.switches.drop_stopped(delivery.action_id)
        if channel.counts_as == "human" and delivery.provider_id and delivery.person_id:
            self.deliveries.note_group(delivery.group_id, delivery.action_id)
        if channel.speaks_by_own_id and delivery.provider_id:
            found = (channel.provider.name, delivery.provider_id, delivery.action_id)
            self.deliveries.note_provider_id(*found)
        return delivery

    def _count(self, delivery: Delivery) -> Delivery:
        """Count one that left. Who dies before it is stored and counted leaves one too few."""
        if delivery.cohort is not None:
            self.reputation.count_sent(delivery.channel, delivery.cohort)
        return delivery

    def _keep(self, delivery: Delivery, version: int) -> Delivery:
        self.deliveries.save(delivery, version)
        return delivery

    def take_back(self, delivery: Delivery, channel: Channel, now: datetime) -> ProviderAnswer:
        """Ask the provider to undo what it did; what it no longer has is undone.

        One whose id there nobody knows is looked for first, where its channel can.
        """
        if channel.undo is None:
            return Refused(channel.remedy)
        known = self._identify(delivery, channel, now)
        if not isinstance(known, Delivery):
            return known
        reply = self._call(channel.undo(known), channel, now)
        if isinstance(reply, CallReply) and reply.status in channel.undone_by:
            return Sent(known.provider_id or "", f"answered {reply.status}")
        return interpret(channel, reply, now, channel.read) or Unsure("")

    def _identify(
        self, delivery: Delivery, channel: Channel, now: datetime
    ) -> Delivery | ProviderAnswer:
        """Return the delivery under its provider's id, or what is to be said instead of it."""
        if delivery.provider_id is not None or delivery.handle:
            return delivery
        if channel.find is None:
            return Refused("nobody knows its id there: look for it by hand")
        reply = self._call(channel.find.plan(delivery), channel, now)
        found = interpret(channel, reply, now, channel.find.read)
        if isinstance(found, Sent):
            return delivery.model_copy(update={"provider_id": found.provider_id})
        return found or Sent("", f"{channel.provider.name} has none of our id")

    def find_recall(self, delivery: Delivery) -> Delivery | None:
        """Return the delivery ended where it was recalled; None where it was not."""
        if (why := self.deliveries.find_recall(delivery.action_id)) is None:
            return None
        return end_unsent(delivery, DeliveryStatus.SKIPPED, f"recalled: {why}")

    def _ask(self, call: Call, channel: Channel, message: Message, now: datetime) -> ProviderAnswer:
        answer = self._try(call, channel, now)
        if not isinstance(answer, Sent):
            return answer
        notes = [answer.note] if answer.note else []
        for further in channel.follow(message, answer.provider_id):
            also = self._try(further, channel, now, follows=True)
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
        reply = self._call(call, channel, now)
        if not isinstance(reply, CallReply):
            return reply
        if follows and reply.status < 300:  # noqa: PLR2004  it was done
            return Sent("")
        return read_answer(channel, reply, now, channel.read) or Unsure("")

    def _call(self, call: Call, channel: Channel, now: datetime) -> CallReply | Answerless:
        """Return what the provider replied, or what it means that it did not."""
        named = dict(self.bases).get(channel.provider.name)
        try:
            return self.exchange.exchange(aim(call, channel.provider, self.region, named))
        except UnavailableError as error:
            return Busy(str(error))
        except UncertainError as error:
            return Unsure(str(error))
        except RejectedError as error:
            if error.reason in _TO_MEND:
                return wait_for_mending(error.detail, now)
            return Refused(error.detail)
