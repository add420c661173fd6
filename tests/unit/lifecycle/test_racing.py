"""Two runs at once, and one run twice: nothing is lost, nothing is told in two ways."""

from collections.abc import Callable, Iterable

import pytest

from functions.lifecycle.handler import step
from functions.lifecycle.repository import SceneRepository, StageRepository
from mos.errors import ConflictError, UnavailableError
from mos.events import ProfileUnified, SubjectPlaced
from mos.model.stage import Placement
from mos.ports import Moment
from tests.acceptance.theatre import ACCOUNT, Theatre, group_id, hot, later
from tests.builders import NOON


class Overtaken(StageRepository):
    """Something else happens between this run's reading and its writing."""

    def __init__(self, theatre: Theatre, meanwhile: Callable[[], object]) -> None:
        super().__init__(theatre.lifecycle)
        self._meanwhile = meanwhile

    def now(
        self, account_id: str, group_id: str, people: Iterable[str]
    ) -> dict[str, tuple[Placement, int]]:
        found = super().now(account_id, group_id, people)
        self._meanwhile()
        return found


def event(run: str = "run_a") -> ProfileUnified:
    return ProfileUnified(
        event_id=f"evt_{run}", cause_id="evt_0", trace_id="sig_0", occurred_at=NOON, run_id=run,
        run_at=NOON, profile_id="per_jane", account_id=ACCOUNT, group_id=group_id("platform"),
        material="test", why="a test",
    )  # fmt: skip


def take(theatre: Theatre, stages: StageRepository, run: str = "run_a") -> SubjectPlaced:
    return step(
        event(run), Moment(NOON), SceneRepository(theatre.identity, theatre.actions), stages,
        theatre.store,        theatre.timers, theatre.notes,
    )  # fmt: skip


def world() -> Theatre:
    theatre = Theatre(employees=900)
    hot(theatre)
    theatre._keep()  # noqa: SLF001  what is known, without a run
    return theatre


def test_a_run_that_another_run_overtook_conflicts_and_is_tried_again() -> None:
    theatre = world()
    overtaken = Overtaken(theatre, lambda: theatre.run(later(minutes=1)))

    with pytest.raises(ConflictError):
        take(theatre, overtaken)

    assert take(theatre, StageRepository(theatre.lifecycle)).group.stage == "prioritized"


def test_one_run_twice_at_once_tells_what_was_stored_first() -> None:
    theatre = world()
    first: list[SubjectPlaced] = []
    other = lambda: first.append(take(theatre, StageRepository(theatre.lifecycle)))  # noqa: E731

    second = take(theatre, Overtaken(theatre, other))

    assert second.canonical() == first[0].canonical()


def test_a_timer_that_cannot_be_started_is_started_by_the_retry() -> None:
    theatre = world()
    theatre.timers.is_down = True
    stages = StageRepository(theatre.lifecycle)
    with pytest.raises(UnavailableError):
        take(theatre, stages)
    theatre.timers.is_down = False

    said = take(theatre, stages)

    assert said.people[0].stage == "mql"
    assert later(minutes=5) in [timer.at for timer in theatre.timers.running.values()]
    assert len(theatre.notes.events) == 1


def test_a_run_that_comes_late_writes_no_history_before_what_is_there() -> None:
    theatre = world()
    ahead = theatre.run(later(hours=2))
    theatre.does("per_jane", "meeting_booked", later(hours=1))
    theatre._keep()  # noqa: SLF001  the same

    late = take(theatre, StageRepository(theatre.lifecycle), "run_late")

    assert ahead.people[0].stage == "mql"
    assert (late.people[0].stage, late.people[0].since) == ("sql", later(hours=2))
    moves = theatre.lifecycle.query("SUBJECT#per_jane", prefix="HISTORY@")
    assert [Placement.parse(m.body).stage for m in moves] == ["mql", "sql"]


def test_a_group_that_is_not_stored_yet_is_tried_again() -> None:
    with pytest.raises(UnavailableError, match="is not stored yet"):
        take(Theatre(), StageRepository(Theatre().lifecycle))
