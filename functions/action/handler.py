"""Action Lambda: a decision in, one delivery out, or until when it is held."""

from datetime import UTC, datetime
from typing import Any

from functions.action.carry import carry
from functions.action.confirm import Asking, ask_waiting, confirm
from functions.action.deliver import (
    deliver,
)
from functions.action.dispatch import Dispatch
from functions.action.erase import erase
from functions.action.listen import (
    guard_channel,
    observe_provider,
    recall,
    switch,
    tell_receipt,
    withdraw,
)
from functions.action.moved import tell_moved
from functions.action.outbound import open_caps, open_pages, open_wire, read_place, sweep_all
from functions.action.repository import People
from functions.action.tell import Notices, Telling, escalate, tell_waiting
from functions.action.unsent import tell_unsent
from mos.aws.asker import LambdaAsker
from mos.aws.bundles import bundles
from mos.aws.bus import bus
from mos.aws.table import table
from mos.events import (
    ActionDecided,
    ActionDelivered,
    ActionHeld,
    ConfirmationNeeded,
    ConsentWithdrawn,
    ErasureOrdered,
    ProviderReceiptObserved,
    RecallOrdered,
    ReceiptObserved,
    SlaChanged,
    SwitchSet,
)
from mos.ports import Bus, Moment
from mos.runtime import logger, on, on_any, tally, wrap


def step(event: ActionDecided, moment: Moment, room: Dispatch) -> ActionDelivered | ActionHeld:
    """Read, check and render; claim; send; keep the receipt; say how it ended, or that it waits.

    Raises:
        ConflictError: another try is at the same place; this one has sent nothing.
    """
    return deliver(event, carry(event, moment, room, _warn))


def _warn(error: str) -> None:
    logger().warning("draft_fell_back", extra={"error": error})


def carry_out(
    event: ActionDecided, moment: Moment, room: Dispatch, told: Bus
) -> ActionDelivered | ActionHeld:
    """Take a step; say on the bus what never left, or leaves later, before the workflow goes on.

    Raises:
        ConflictError: as `step`.
    """
    delivery = carry(event, moment, room, _warn)
    if delivery.held_until is None:
        told.publish(tell_unsent(event, delivery.status, delivery.reason))
    told.publish(tell_moved(event, delivery, moment.now))
    return deliver(event, delivery)


_deliver = on(
    ActionDecided,
    lambda event, moment: carry_out(
        event,
        moment,
        Dispatch(
            open_wire(),
            _people(),
            bundles(),
            LambdaAsker(moment.seconds),
            read_place(),
            open_pages(),
            open_caps(),
        ),
        bus(),
    ),
)


def _sweep(_payload: object, _context: object) -> dict[str, int]:
    """Finish what was left undone, and tell what still waits to be told."""
    now = datetime.now(UTC)
    told = tell_waiting(Moment(now), _telling()) | ask_waiting(Moment(now), open_wire(), _asking)
    tally(**told)
    return sweep_all(now) | told


def _people() -> People:
    return People(table("identity"), table("lifecycle"))


def _telling() -> Telling:
    return Telling(open_wire(), _people(), bundles().load, Notices(table("actions")))


def _asking() -> Asking:
    return Asking(open_wire(), _people(), bundles().active(), open_pages(), read_place())


def _confirm(event: ConfirmationNeeded, moment: Moment) -> ConfirmationNeeded:
    tally(**{confirm(event, moment, _asking()): 1})
    return event


_erase = on(ErasureOrdered, lambda event, moment: erase(event, moment, table("actions")))
_escalate = on(SlaChanged, lambda event, moment: escalate(event, moment, _telling()))


def _take_receipt(event: ReceiptObserved, moment: Moment) -> ReceiptObserved:
    """Keep what a provider told, say what it proved, and pause the channel where it must."""
    wire = open_wire()
    tell_receipt(event, wire, bus())
    guard_channel(event, moment, wire, bundles().active)
    return event


_on_any = on_any(
    _deliver,
    {
        ErasureOrdered: _erase,
        SlaChanged: _escalate,
        ConsentWithdrawn: on(
            ConsentWithdrawn, lambda event, moment: withdraw(event, moment, open_wire())
        ),
        ConfirmationNeeded: on(ConfirmationNeeded, _confirm),
        SwitchSet: on(SwitchSet, lambda event, _moment: switch(event, open_wire())),
        RecallOrdered: on(RecallOrdered, lambda event, moment: recall(event, moment, open_wire())),
        ReceiptObserved: on(ReceiptObserved, _take_receipt),
        ProviderReceiptObserved: on(
            ProviderReceiptObserved,
            lambda event, _moment: observe_provider(event, open_wire(), bus()),
        ),
    },
)
_on_schedule = wrap(_sweep)


def handler(payload: dict[str, Any], context: Any) -> Any:  # noqa: ANN401  Lambda's own types
    """Take a decision, an event of the bus, or the hour to finish what was left undone."""
    if payload.get("detail-type") == "Scheduled Event":
        return _on_schedule(payload, context)
    return _on_any(payload, context)
