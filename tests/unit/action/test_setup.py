"""What a portal lacks is named, made when asked for, and who must act is said."""

import pytest

from functions.action.channels.hubspot_task import CHANNEL
from functions.action.setup import PartState, SetupError, check_setup
from lab.fakes.wire import ProviderWire
from mos.errors import UnavailableError
from mos.events import ActionHeld
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from tests.delivering import Delivering
from tests.property.steps import mailed
from tests.property.test_deliveries import kept, person

BASE = "https://api.hubapi.com"
NEEDED = ["mos_action_id", "mos_decision_id", "mos_owner"]


def states(wire: ProviderWire, *, is_create: bool = False) -> dict[str, PartState]:
    assert CHANNEL.setup is not None
    found = check_setup(CHANNEL.setup, BASE, wire, is_create=is_create)
    return {one.part.name: one.state for one in found if one.part.is_needed}


def test_a_portal_that_has_all_is_only_looked_at() -> None:
    wire = ProviderWire()

    assert states(wire, is_create=True) == dict.fromkeys(NEEDED, PartState.THERE)
    assert [call.method for call in wire.calls] == ["GET"]


@pytest.mark.parametrize("lacks", [{"mos_owner"}, {"mos_action_id"}, set(NEEDED)])
def test_what_is_missing_is_named_and_made_once(lacks: set[str]) -> None:
    wire = ProviderWire()
    wire.lacks |= lacks

    named = {name for name, state in states(wire).items() if state is PartState.MISSING}
    made = {name for name, s in states(wire, is_create=True).items() if s is PartState.MADE}

    assert named == made == lacks
    assert set(states(wire, is_create=True).values()) == {PartState.THERE}


def test_an_id_that_need_not_be_unique_is_wrong_and_a_person_must_delete_it() -> None:
    wire = ProviderWire()
    wire.lacks.add("mos_action_id unique")
    assert CHANNEL.setup is not None

    found = check_setup(CHANNEL.setup, BASE, wire, is_create=True)

    assert (found[0].part.name, found[0].state) == ("mos_action_id", PartState.WRONG)
    assert "must delete it" in found[0].says
    assert [call.method for call in wire.calls] == ["GET"]


@pytest.mark.parametrize(
    ("status", "kind", "says"),
    [
        ("401", SetupError, "must store a token"),
        ("403", SetupError, "administers the app"),
        ("404", SetupError, "answered 404"),
        ("429", UnavailableError, "429"),
        ("502", UnavailableError, "502"),
    ],
)
def test_who_must_act_is_said(status: str, kind: type[Exception], says: str) -> None:
    wire = ProviderWire()
    wire.failures = [status]

    with pytest.raises(kind, match=says):
        states(wire)


def test_tasks_wait_for_a_property_and_leave_once_it_was_made() -> None:
    layer = Delivering(kept(person(Purpose.PHONE_SALES)))
    layer.wire.lacks.add("mos_owner")
    task = mailed(action="bdr_call", channel="hubspot_task")

    held = layer.try_once(task)
    assert isinstance(held, ActionHeld)
    assert "mos provider check" in held.held_why
    states(layer.wire, is_create=True)
    said, _ = layer.deliver(task, held.held_until)

    assert said.status is DeliveryStatus.SENT
