"""The same event gives the same fact, also when the first try died between save and publish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.action.channels import email
from functions.action.deliver import deliver, end, open_delivery
from functions.learning.credit import credit
from functions.learning.handler import step as learn
from functions.learning.study import Study
from functions.lifecycle.handler import step as place
from functions.lifecycle.repository import SceneRepository, StageRepository
from functions.policy.handler import step as permit
from mos.errors import ConflictError, UnavailableError
from mos.events import ActionDelivered, Event, LessonLearned, OutcomeObserved, ProfileUnified
from mos.memory.bus import FakeBus
from mos.memory.table import FakeTable
from mos.memory.timers import FakeTimers
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.model.lesson import OutcomeKind
from mos.model.profile import Profile
from mos.model.signal import Signal
from mos.path import WORKFLOW
from mos.ports import Moment, Record
from tests.builders import signal
from tests.property.steps import mailed, store
from tests.property.worlds import NAMES, Unifier, arrivals, modest, policy, worlds
from tests.system_in_process import System


def system() -> System:
    made = System(policy())
    made.store = store()
    return made


def texts(events: list[Event]) -> list[str]:
    return [event.canonical() for event in events]


@pytest.mark.slow
@modest(20)
@given(worlds())
def test_signals_that_come_again_after_the_bus_was_down_tell_the_same(
    signals: list[Signal],
) -> None:
    well, ill = Unifier(), Unifier()
    well.run(signals)

    ill.bus.is_down = True
    try:
        ill.run(signals)
    except UnavailableError:
        ill.bus.is_down = False
        ill.run(signals)

    assert texts(ill.bus.events) == texts(well.bus.events)
    assert {k: p.canonical() for k, p in ill.people().items()} == {
        k: p.canonical() for k, p in well.people().items()
    }


class Contended(FakeTable):
    """A table in which somebody else is first, the first few times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def _check(self, record: Record) -> None:
        if self.times and record.sk in ("PROFILE", "GROUP", "ACCOUNT"):
            self.times -= 1
            raise ConflictError(record.pk)
        super()._check(record)


@pytest.mark.slow
@modest(20)
@given(worlds(names=NAMES), st.integers(1, 9))
def test_conflicts_change_nothing_in_what_is_known(signals: list[Signal], times: int) -> None:
    calm, busy = Unifier(), Unifier()
    busy.identity = Contended(times)

    calm.run(signals)
    failed = busy.run(signals)
    while failed:
        failed = busy.run([s for s in signals if s.signal_id in failed])

    assert {k: p.canonical() for k, p in busy.people().items()} == {
        k: p.canonical() for k, p in calm.people().items()
    }


@pytest.mark.slow
@modest(15)
@given(worlds(most=5))
def test_every_step_says_the_same_when_asked_twice(signals: list[Signal]) -> None:
    world = system()

    world.play(*signals)

    for events in world.history:
        again = world.run(events[0])  # type: ignore[arg-type]
        assert texts(again) == texts(events)


@modest(15)
@given(worlds(most=6).flatmap(arrivals))
def test_every_run_ends_in_one_fact_and_every_outcome_too(batches: list[list[Signal]]) -> None:
    world = system()
    started = 0

    for batch in batches:
        world.receive(batch)
        ends = (ProfileUnified, OutcomeObserved)
        started = sum(isinstance(event, ends) for event in world.bus.events)
        ended = world.settle()
        assert len(ended) == started
        assert all(isinstance(event, LessonLearned) and event.reason for event in ended)

    for events in world.history:
        assert [type(e) for e in events[1:]] == [hop.gives for hop in WORKFLOW]
        assert [e.cause_id for e in events[1:]] == [e.event_id for e in events[:-1]]
        assert len({e.trace_id for e in events}) == 1


@pytest.mark.slow
@modest(15)
@given(worlds(most=6).flatmap(arrivals))
def test_no_mail_ever_goes_to_somebody_without_a_grant(batches: list[list[Signal]]) -> None:
    world = system()

    for batch in batches:
        before = len(world.wire.mails)
        world.play(*batch)
        profiles = [
            Profile.parse(r.body)
            for (_, sk), r in world.tables["identity"].items.items()
            if sk == "PROFILE" and r.body
        ]
        for mail in world.wire.mails[before:]:
            [person] = [p for p in profiles if f"email:{mail['to']}" in
                        [i.key for i in p.identifiers]]  # fmt: skip
            assert person.allows(Purpose.EMAIL_MARKETING)
            assert not person.suppressions


@modest(20)
@given(worlds(most=4), st.sampled_from(["before", "between", "after"]))
def test_a_placement_survives_its_first_try(signals: list[Signal], when: str) -> None:
    world = system()
    world.receive(signals)
    runs = [e for e in world.bus.events if isinstance(e, ProfileUnified)]

    for run in runs:
        scenes = SceneRepository(world.tables["identity"], world.tables["actions"])
        stages = StageRepository(world.tables["lifecycle"])
        timers, notes = FakeTimers(), FakeBus()
        first = place(run, Moment(world.now, "one"), scenes, stages, store(), timers, notes)
        said, started = list(notes.events), dict(timers.running)
        if when == "between":
            world.receive([s.model_copy(update={"signal_id": f"{s.signal_id}x"}) for s in signals])
        later = Moment(world.later(hours=1), "two")
        second = place(run, later, scenes, stages, store(), timers, notes)
        third = permit(second, Moment(world.now), store())
        assert first.canonical() == second.canonical()
        assert notes.events == said + said
        assert timers.running == started
        assert third == permit(first, Moment(world.later(hours=1)), store())


@modest(20)
@given(st.sampled_from(list(OutcomeKind)), st.sampled_from([True, False]), st.integers(1, 4))
def test_an_outcome_is_credited_to_the_same_touch_however_often_it_comes(
    kind: OutcomeKind,
    named: bool,  # noqa: FBT001  Hypothesis gives it
    times: int,
) -> None:
    lessons, delivered = rehearsed()
    event = OutcomeObserved.model_validate(
        {
            "event_id": "evt_o", "cause_id": "evt_s", "trace_id": "sig_o",
            "occurred_at": delivered.occurred_at,
            "outcome": {
                "kind": kind, "signal_id": "sig_o", "at": delivered.occurred_at,
                "person_id": "per_1", "group_id": delivered.group_id,
                "action_id": delivered.action_id if named else None,
            },
        }
    )  # fmt: skip

    said = [credit(event, Moment(delivered.occurred_at), lessons[1]) for _ in range(times)]

    arm = lessons[0].get(f"ARM#{delivered.segment}", f"{delivered.action}#{delivered.treatment}")
    assert len({e.model_dump_json() for e in said}) == 1
    assert arm is not None
    assert arm.numbers.get("successes", 0) == (kind.value in delivered.outcomes)


def rehearsed() -> tuple[tuple[FakeTable, Study], ActionDelivered]:
    """Return the lessons after one mail was sent."""
    table, event = FakeTable(), mailed()
    sent = end(open_delivery(event, None, email.CHANNEL), DeliveryStatus.SENT, "sent")
    delivered = deliver(event, sent)
    assert isinstance(delivered, ActionDelivered)
    study = Study(table, store().load, store().active, event.occurred_at)
    learn(delivered, Moment(event.occurred_at), study)
    return (table, study), delivered


def test_a_signal_with_a_number_that_is_none_is_parked_and_hurts_nobody() -> None:
    layer = Unifier()
    bad = signal(minute=1, key="bad", traits={"score": float("nan")})

    failed = layer.run([signal(key="good", ids=(NAMES[0],)), bad])

    assert failed == set()
    assert [i for i, _ in layer.parked] == [bad.signal_id]
    assert len(layer.people()) == 1
