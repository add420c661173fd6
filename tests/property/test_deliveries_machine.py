"""Starts, deaths, withdrawals, erasures, recalls, merges, in any order: one touch, and a receipt.

Any of them may happen in the midst of another, at any use of a table or of the way out.
"""

import logging
import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from functions.action.listen import observe
from functions.action.take_back import sweep
from lab.bench.hands import list_channels
from mos.events import ActionDecided, ReceiptObserved
from mos.model.delivery import DeliveryStatus
from tests.interrupted import Interruption
from tests.property.hands_world import MIDST, PEOPLE, SAID, HandsWorld, Task

PHASES = [Phase.generate] if os.environ.get("MOS_NO_SHRINK") else tuple(Phase)
CHANNELS = list_channels()
Upset = tuple[int, bool, str, int] | None
_in_the_midst = st.tuples(
    st.integers(1, 24), st.booleans(), st.sampled_from(MIDST), st.sampled_from(PEOPLE)
)
upsets = st.one_of(st.none(), _in_the_midst, _in_the_midst, _in_the_midst)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


class HandsMachine(RuleBasedStateMachine):
    """The action layer over its channels, and what must hold of it after every step."""

    @initialize()
    def start(self) -> None:
        self.world = HandsWorld()

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        self.world.come_to_an_end()
        self.no_more_than_one_touch()
        self.nothing_leaves_after_a_no()
        self._check_receipts()
        self._check_taken_back()

    def _interrupt(self, upset: Upset, event: ActionDecided | None = None) -> Interruption | None:
        if upset is None:
            return None
        at, after, what, one = upset
        return Interruption(at, after, lambda: self.world.happen(what, one, event))

    @rule(channel=st.sampled_from(sorted(CHANNELS)), one=st.sampled_from(PEOPLE))
    def is_decided(self, channel: str, one: int) -> None:
        self.world.decide(channel, one)

    @rule(channel=st.sampled_from(sorted(CHANNELS)), one=st.sampled_from(PEOPLE), upset=upsets)
    def is_decided_and_tried(self, channel: str, one: int, upset: Upset) -> None:
        event = self.world.decide(channel, one)
        self.world.attempt(lambda: self.world.ask(event), self._interrupt(upset, event))

    @precondition(lambda self: self.world.decisions)
    @rule(data=st.data(), upset=upsets)
    def is_tried(self, data: st.DataObject, upset: Upset) -> None:
        event = self.world.decisions[data.draw(st.sampled_from(list(self.world.decisions)))]
        self.world.attempt(lambda: self.world.ask(event), self._interrupt(upset, event))

    @rule(how=st.sampled_from(["unavailable", "uncertain", "lost", "lost", "429", "500", "503"]))
    def a_provider_fails(self, how: str) -> None:
        self.world.fakes.failures.append(how)

    @rule(seconds=st.sampled_from([1, 40, 95, 1000, 7200]))
    def time_passes(self, seconds: int) -> None:
        self.world.now += timedelta(seconds=seconds)

    @rule(one=st.sampled_from(PEOPLE), what=st.sampled_from(SAID), upset=upsets)
    def something_is_said(self, one: int, what: str, upset: Upset) -> None:
        task = self.world.say(what, one)
        if task is not None:
            self.world.finish(task, self._interrupt(upset))

    @precondition(lambda self: self.world.waiting)
    @rule(upset=upsets)
    def what_was_said_comes_again(self, upset: Upset) -> None:
        self.world.finish(self.world.waiting.pop(0), self._interrupt(upset))

    @rule(upset=upsets)
    def what_is_noted_is_taken_back(self, upset: Upset) -> None:
        world = self.world
        world.attempt(lambda: sweep(world.hands.way_out(), world.now), self._interrupt(upset))

    @precondition(lambda self: self.world.fakes.mails)
    @rule(data=st.data(), upset=upsets)
    def a_receipt_comes(self, data: st.DataObject, upset: Upset) -> None:
        mail = data.draw(st.sampled_from(self.world.fakes.mails))
        action = mail["tags"]["action_id"]
        told = ReceiptObserved(
            event_id="evt", cause_id="sig", trace_id=f"sig_{action}", occurred_at=self.world.now,
            action_id=action, receipt="email.delivered",
        )  # fmt: skip
        tell: Task = lambda: observe(told, self.world.hands.way_out())  # noqa: E731
        self.world.finish(tell, self._interrupt(upset))

    @invariant()
    def no_more_than_one_touch(self) -> None:
        mails = [m["tags"]["action_id"] for m in self.world.fakes.mails]
        assert len(mails) == len(set(mails))
        made = [k["tags"]["action_id"] for k in self.world.fakes.inbox if k.get("what") == "task"]
        assert len(made) == len(set(made))

    @invariant()
    def nothing_leaves_after_a_no(self) -> None:
        assert self.world.late == []

    def _check_receipts(self) -> None:
        """Each delivery ended, and as its provider saw it."""
        for action in self.world.decisions:
            held = self.world.stored(action)
            assert held is not None
            if held.status is DeliveryStatus.SENT:
                assert self.world.left[action] > 0, held
            elif held.status is not DeliveryStatus.UNKNOWN:
                assert self.world.left[action] == 0, held

    def _check_taken_back(self) -> None:
        """What had left before a no is not there any more, where its channel can take it back."""
        for action in self.world.barred:
            held = self.world.stored(action)
            assert held is not None
            by_hand = held.undone is not None and "by hand" in held.undone.why
            is_final = CHANNELS[held.channel].undo is None or by_hand
            assert is_final or action not in self.world.there, held


TestHands = pytest.mark.slow(HandsMachine.TestCase)
TestHands.settings = settings(
    max_examples=int(os.environ.get("MOS_EXAMPLES", "1500")),
    stateful_step_count=25,
    derandomize=True,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    phases=PHASES,
)
