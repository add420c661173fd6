"""Count what reached somebody outside the path, an ad that they saw, for what is about to leave."""

from functions.action.cap_room import LeftTouch
from functions.action.left_touches import LeftRecords
from mos.errors import ConflictError, ContendedError
from mos.events import TouchObserved
from mos.model.base import derive_id
from mos.model.decision import HORIZON
from mos.ports import Moment, Table

_TRIES = 20


def note_observed(event: TouchObserved, moment: Moment, actions: Table) -> TouchObserved:
    """Note a touch with a person, a group and an account; the same signal counts once.

    It has happened, so no cap keeps it out: a full cap keeps back what is about to leave.

    Raises:
        ConflictError: others were at the same records each time; the bus asks again.
    """
    if moment.now - event.occurred_at >= HORIZON:
        return event  # No cap looks so far back.
    whom = {event.person_id, event.group_id, event.account_id}
    touch = LeftTouch(
        touch_id=event.signal_id, at=(event.occurred_at,), channel=event.channel,
        weight=event.weight, observed=True,
    )  # fmt: skip
    for attempt in range(_TRIES):
        saves = LeftRecords.read(actions, whom).save_all(touch, whom, moment.now)
        try:
            actions.transact(saves, derive_id("tx", "observed", event.signal_id, str(attempt)))
        except (ConflictError, ContendedError):
            continue
        return event
    raise ConflictError(event.signal_id)
