"""Row A.5.16: a run that dies and tells nobody is parked, and goes on from its decision."""

import json
from datetime import timedelta
from typing import Any

from functions.action.decided import Decided
from functions.action.unfinished import RUN_WITHOUT_END, RunParking, Unfinished
from functions.agent.parked import read_parked
from infra.constructs.approval import waiting
from infra.constructs.states import approved_action
from mos.events import ActionDecided, ActionDelivered
from mos.memory.bus import FakeBus
from mos.memory.parking import FakeParking
from mos.memory.queue import FakeQueue
from mos.model.delivery import DeliveryStatus
from mos.path import WORKFLOW
from mos.ports import Moment
from tests.acceptance.test_a5_16_room_comes_back import mailed_late
from tests.system_in_process import System

MACHINE = "arn:aws:states:eu-central-1:1:stateMachine:mos-test-approval"


def sweep(system: System, parked: FakeQueue, **after: float) -> None:
    decided = Decided(system.tables["decisions"], system.store.load)
    parking = RunParking(parked, MACHINE)
    made = Unfinished(system.tables["actions"], decided, FakeBus(), parking)
    made.sweep(system.now + timedelta(**after))


def restarted(system: System, parked: FakeQueue) -> tuple[str, dict[str, Any]]:
    """Return which machine `mos parked redrive` starts, and with what."""
    queue = FakeParking(parked, FakeQueue())
    [thing] = [read_parked(message) for message in queue.take(10)]
    assert (thing.kind, thing.reason, thing.is_redrivable) == ("run", RUN_WITHOUT_END, True)
    assert thing.run is not None
    queue.restart(thing.message, thing.run)
    assert parked.bodies == []
    return thing.run.machine, json.loads(thing.run.given)


def test_a5_16_a_dead_run_is_parked_once_and_its_decision_carried_out_once() -> None:
    system, said = mailed_late()
    parked = FakeQueue()

    sweep(system, parked, minutes=10)
    early = list(parked.bodies)
    sweep(system, parked, minutes=20)
    sweep(system, parked, minutes=25)
    machine, given = restarted(system, parked)

    states = approved_action(WORKFLOW, waiting(60, "Deliver"))["States"]
    assert early == []
    assert machine == MACHINE
    assert states["WhatFor"]["Choices"][0]["Variable"].removeprefix("$.") in given
    goes_on = ActionDecided.model_validate(given["decided"])
    assert goes_on == said
    for _ in range(2):
        told = system.step("action", goes_on, Moment(system.now + timedelta(minutes=30)))
        assert isinstance(told, ActionDelivered)
        assert told.status is DeliveryStatus.SENT
    assert len(system.wire.posts) == 1


def test_a5_16_a_run_that_is_held_or_has_ended_is_not_parked() -> None:
    system, said = mailed_late()
    system.wire.failures = ["401"]
    at = system.now + timedelta(minutes=10)
    system.step("action", said, Moment(at))
    parked = FakeQueue()

    sweep(system, parked, minutes=20)

    assert parked.bodies == []


def test_a5_16_where_aws_tells_of_each_end_the_sweep_parks_nothing() -> None:
    system, _ = mailed_late()

    system.sweep(system.now + timedelta(minutes=20))

    assert system.parking.bodies == []
