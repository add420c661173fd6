"""Whatever happens, in whatever order: one stage each, declared ways back, and no flapping."""

import os
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from functions.agent.standing import as_of
from mos.events import ProfileUnified, SubjectPlaced
from mos.model.deal import DealState
from mos.model.stage import ClockStatus, Level, Placement
from tests.acceptance.theatre import ACCOUNT, Theatre, group_id, with_solutions
from tests.builders import NOON

PEOPLE = ("per_ada", "per_bo", "per_cy")
SOLUTIONS = ("platform", "analytics")
KINDS = ("page", "lead_submitted", "meeting_booked", "email_replied", "task_accepted",
         "task_rejected", "email_sent")  # fmt: skip
WORDS = ("lead", "marketingqualifiedlead", "salesqualifiedlead", "customer", "churned")
BUNDLE = with_solutions(*SOLUTIONS)
DAY = timedelta(hours=24)


def listed(name: str) -> list[str]:
    value = BUNDLE.value(name)
    assert isinstance(value, list)
    return value


class StageMachine(RuleBasedStateMachine):
    """An account with two groups, and what must hold of its stages after every run."""

    @initialize()
    def start(self) -> None:
        self.theatre = Theatre(BUNDLE, employees=900)
        self.at = NOON
        self.seen: dict[str, list[tuple[datetime, str]]] = {}
        self.last: SubjectPlaced | None = None
        self.fresh: list[tuple[Placement | None, Placement, str | None]] = []
        for name, title in zip(PEOPLE, ("CFO", "Engineer", "Intern"), strict=True):
            self.theatre.join(name, *SOLUTIONS, title=title)
            self.theatre.does(name, "page", self.at, points=60)

    @rule(minutes=st.sampled_from([1, 10, 120, 60 * 13, 60 * 24 * 8, 60 * 24 * 70]))
    def wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule(who=st.sampled_from(PEOPLE), kind=st.sampled_from(KINDS), worth=st.integers(0, 60))
    def act(self, who: str, kind: str, worth: int) -> None:
        self.at += timedelta(seconds=30)
        self.theatre.does(who, kind, self.at, points=worth)

    @rule(times=st.integers(1, 3))
    def hand_back_and_forth(self, times: int) -> None:
        """Sales hands a lead back, who asks for us again: the way in which stages flap."""
        for _ in range(times):
            for kind in ("task_rejected", "lead_submitted"):
                self.at += timedelta(seconds=30)
                self.theatre.does("per_ada", kind, self.at)
                self._run("platform", None)
                self.nobody_flaps()

    @rule(state=st.sampled_from(DealState), solution=st.sampled_from([*SOLUTIONS, None]))
    def deal(self, state: DealState, solution: str | None) -> None:
        self.at += timedelta(seconds=30)
        self.theatre.deal(state, self.at, solution)

    @rule(who=st.sampled_from(PEOPLE), word=st.sampled_from(WORDS), status=st.booleans())
    def crm(self, who: str, word: str, *, status: bool) -> None:
        said = {"lead_status": "BAD_TIMING" if word == "lead" else "UNQUALIFIED"}
        self.theatre.says(who, self.at, **(said if status else {"lifecycle_stage": word}))

    @rule(
        who=st.sampled_from(PEOPLE), kind=st.sampled_from(["member_confirmed", "member_dismissed"])
    )
    def judge(self, who: str, kind: str) -> None:
        self.theatre.states(who, kind, self.at)

    @rule(solution=st.sampled_from(SOLUTIONS), corrects=st.sampled_from([None, None, None, "x"]))
    def run(self, solution: str, corrects: str | None) -> None:
        self._run(solution, corrects)

    def _run(self, solution: str, corrects: str | None) -> None:
        self.at += timedelta(seconds=30)
        before = self._held()
        self.last = self.theatre.run(self.at, solution, corrects)
        self.fresh = []
        for placement in (self.last.account, self.last.group, *self.last.people):
            self.fresh.append((before.get(placement.key), placement, corrects))
            self.seen.setdefault(placement.key, []).append((self.at, placement.stage))

    @precondition(lambda self: self.last)
    @rule()
    def again(self) -> None:
        """The same event tells the same, starts the same timers and raises the same notes."""
        said, timers = self.last, dict(self.theatre.timers.running)
        assert said is not None
        event = ProfileUnified(
            event_id=said.cause_id, cause_id="evt_0", trace_id="sig_0", occurred_at=self.at,
            run_id=said.run_id, run_at=said.occurred_at, profile_id="per_ada",
            account_id=ACCOUNT, group_id=said.group_id, material="test", why="a test",
            correction=said.correction,
        )  # fmt: skip
        noted = {n.event_id for n in self.theatre.notes.events}

        assert self.theatre.step(event).canonical() == said.canonical()
        assert self.theatre.timers.running == timers
        assert {n.event_id for n in self.theatre.notes.events} == noted

    @invariant()
    def three_steps_in_order_and_one_stage_each(self) -> None:
        if self.last is None:
            return
        said = self.last
        assert said.steps == (Level.ACCOUNT, Level.GROUP, Level.PERSON)
        keys = [p.key for p in (said.account, said.group, *said.people)]
        assert len(set(keys)) == len(keys)
        for placement in (said.account, said.group, *said.people):
            level = placement.level.value
            assert placement.stage in [*listed(f"{level}_order"), *listed(f"{level}_aside")]
        assert said.group_facts["account.stage"] == said.account.stage
        assert said.group_facts["group.stage"] == said.group.stage

    @invariant()
    def back_only_by_a_declared_way(self) -> None:
        for held, placed, corrects in self.fresh:
            if not held or not placed.moved or corrects:
                continue
            order = listed(f"{placed.level.value}_order")
            aside = listed(f"{placed.level.value}_aside")
            forwards = held.stage in order and placed.stage in order
            if forwards:
                assert order.index(placed.stage) > order.index(held.stage)
            elif placed.stage in aside:
                assert placed.reason
                assert placed.until
                assert placed.receipt.table in {
                    "lifecycle/recycle", "lifecycle/disqualify", "lifecycle/reentry",
                }  # fmt: skip

    @invariant()
    def nobody_flaps(self) -> None:
        for held, placed, corrects in self.fresh:
            if not held or not placed.moved or corrects:
                continue
            returns = any(g.stage == placed.stage and g.at > self.at - DAY for g in held.left)
            lately = held.returned_at is not None and held.returned_at > self.at - DAY
            assert not (returns and lately) or self._hard_since(held)

    @invariant()
    def a_promise_is_broken_only_after_its_time(self) -> None:
        for _, placed, _ in self.fresh:
            for clock in placed.clocks:
                if clock.status is ClockStatus.MET:
                    assert clock.ended_at is not None
                    assert clock.ended_at <= clock.due_at
                if clock.status is ClockStatus.BREACHED:
                    assert self.at >= clock.due_at

    def teardown(self) -> None:
        for key, seen in getattr(self, "seen", {}).items():
            subject, _, group = key.partition("@")
            prefix = f"HISTORY@{group}#" if group else "HISTORY#"
            records = self.theatre.lifecycle.query(f"SUBJECT#{subject}", prefix=prefix)
            moves = [Placement.parse(record.body) for record in records]
            for at, stage in seen:
                then = as_of(moves, at)
                assert then is not None
                assert then.stage == stage

    def _held(self) -> dict[str, Placement]:
        found = [
            Placement.parse(record.body)
            for (_, sk), record in self.theatre.lifecycle.items.items()
            if sk.startswith("STAGE")
        ]
        return {placement.key: placement for placement in found}

    def _hard_since(self, held: Placement) -> bool:
        hard = set(listed("hard_events"))
        people = [self.theatre.people[n] for n in PEOPLE if held.subject_id in (n, ACCOUNT)]
        if held.level is Level.GROUP:
            people = list(self.theatre.people.values())
        came = {k for p in people for k, at in p.last.items() if at > held.since}
        came |= {f"deal_{d.state.value}" for d in self.theatre.account.deals if d.at > held.since}
        return bool(came & hard)


StageMachine.TestCase.settings = settings(
    max_examples=int(os.environ.get("MOS_EXAMPLES", "60")),
    stateful_step_count=30, derandomize=True, deadline=None, database=None,
    report_multiple_bugs=False,
)  # fmt: skip
TestStages = pytest.mark.slow(StageMachine.TestCase)
assert {group_id(s) for s in SOLUTIONS}
