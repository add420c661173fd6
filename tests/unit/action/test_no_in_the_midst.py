"""Somebody says no, or an operator recalls, in the midst of a delivery: at each place of it."""

import pytest

from functions.action.channel import Dedup
from functions.action.deliver import action_id_of
from lab.bench.hands import NOON, list_channels
from mos.events import ActionDelivered
from mos.model.delivery import DeliveryStatus
from tests.interrupted import Interruption
from tests.property.hands_world import HandsWorld

PLACES = range(1, 30)
CHANNELS = sorted(list_channels())
NOES = ["withdraws", "is erased", "is recalled"]


def meet(what: str, channel: str, at: int, *, after: bool) -> tuple[HandsWorld, str] | None:
    """Return what came of it, where it happened at a place; None: there is no such place."""
    world = HandsWorld()
    event = world.decide(channel, 1)
    interruption = Interruption(at, after, lambda: world.happen(what, 1, event))
    world.attempt(lambda: world.ask(event), interruption)
    if interruption.at:
        return None
    world.come_to_an_end()
    return world, action_id_of(event)


@pytest.mark.parametrize("what", NOES)
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_no_in_the_midst_is_found_or_finds_what_left(channel: str, what: str) -> None:
    places = [meet(what, channel, at, after=after) for at in PLACES for after in (False, True)]

    met = [place for place in places if place is not None]

    assert all(world.late == [] for world, _ in met)
    stays = [(world, action) for world, action in met if action in world.there]
    found = list_channels()[channel]
    if found.undo is not None and found.dedup is Dedup.RECEIPT and found.find is None:
        # An answer was lost, and nothing finds its message there: it says so to a person.
        held = [world.stored(action) for world, action in stays]
        assert all("by hand" in one.undone.why for one in held if one and one.undone)
        assert all(one and one.undone and not one.undone.done for one in held)
    else:
        assert stays == [] or found.undo is None
    left = sum(world.left[action] for world, action in met)
    assert 0 < left < len(met)


def test_a_no_while_the_mail_is_written_is_found_when_it_is_claimed() -> None:
    world = HandsWorld()
    event = world.decide("email", 1)
    # The first use reads the delivery, the second the person: from here on it may leave.
    interruption = Interruption(2, after=True, happens=lambda: world.happen("withdraws", 1, event))

    said = world.attempt(lambda: world.ask(event), interruption)

    assert isinstance(said, ActionDelivered)
    assert said.status is DeliveryStatus.REFUSED
    assert said.reason.startswith("consent_at_send:")
    assert world.fakes.mails == []
    assert world.now == NOON
