"""Note of hand-offs to sales that a word of ours takes back: nothing is promised of them any more.

Not of those that another rep takes over, or that were about two people taken for one: whoever asked
for us still waits.
"""

from collections.abc import Iterable

from functions.action import channels
from functions.action.channel import Channel
from functions.action.repository import Deliveries
from mos import plugins
from mos.model.delivery import Delivery
from mos.model.handoff import HandoffEnd


def end_handoffs(found: Iterable[Delivery], end: HandoffEnd, deliveries: Deliveries) -> None:
    """Note the end of those of some deliveries by which a group was given to a colleague."""
    for one in found:
        if one.person_id is not None and is_handoff(one):
            deliveries.note_ended(one, end)


def is_handoff(one: Delivery) -> bool:
    """Say whether a delivery gave somebody to a colleague."""
    if one.channel.replace("_", "-") not in plugins.names(channels):
        return False
    return plugins.load(channels, one.channel, "CHANNEL", Channel).counts_as == "human"
