"""Count what reached somebody outside the path: an ad that they saw.

decisions: `SEEN#<signal>/COUNTED`, written in the transaction that counts it: once.
"""

import math
from datetime import timedelta

from functions.decisioning.places import places
from functions.decisioning.touches import Lately
from mos.errors import ConflictError, ContendedError
from mos.events import TouchObserved
from mos.model.base import derive_id, point
from mos.model.decision import HORIZON
from mos.model.touched import Touched
from mos.ports import Moment, Record, Save, Table

_TRIES = 20


def count_touch(event: TouchObserved, moment: Moment, ledger: Table) -> TouchObserved:
    """Add a touch to the budgets of a person, a group and an account; the same signal once.

    It has happened, so no cap keeps it out: a full cap keeps back what is decided next.

    Raises:
        ConflictError: other runs were at the same places each time; the bus asks again.
    """
    key = f"SEEN#{event.signal_id}"
    if moment.now - event.occurred_at >= HORIZON:
        return event  # No cap looks so far back.
    ends = int((event.occurred_at + HORIZON + timedelta(days=1)).timestamp())
    touch = Touched(event.occurred_at, event.channel, event.weight)
    for attempt in range(_TRIES):
        if ledger.get(key, "COUNTED") is not None:
            return event
        changes = [Save(Record(key, "COUNTED", expires_at=ends))]
        for subject in sorted({event.person_id, event.group_id, event.account_id}):
            drawn = point(event.signal_id, subject, str(attempt))
            lately = Lately.read(ledger, subject)
            changes.append(lately.add(touch, places(0), math.inf, drawn, HORIZON))
        try:
            ledger.transact(changes, derive_id("tx", "seen", event.signal_id, str(attempt)))
        except (ConflictError, ContendedError):
            continue
        return event
    raise ConflictError(key)
