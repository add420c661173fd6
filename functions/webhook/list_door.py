"""Ask the list door's own code what it would make of a row, before anything is sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.webhook.draft import Delivery, signal
from functions.webhook.list_row import draft_of
from mos.identity.lists.plan import Door
from mos.model.signal import Provenance, Signal, Trust


def rehearse_door(uploaded: str, provenance: Provenance, now: datetime) -> Door:
    """Return what the door would make of this list's rows, were they sent now."""
    delivery = Delivery("lists", Trust.SIGNED, now)

    def take(body: Mapping[str, Any]) -> Signal:
        return signal(draft_of(body, uploaded, provenance), delivery)

    return take
