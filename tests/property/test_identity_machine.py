"""Merge, unmerge, late, duplicate, re-classify, in any order: the log stays the truth."""

import os
from datetime import timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mos.identity.consents import name_stop
from mos.identity.correction import merge, reclassify, separate
from mos.identity.fold import fold_all
from mos.identity.identifier import HOME, is_of
from mos.identity.replay import Replay
from mos.model.consent import ConsentGrant, Purpose
from mos.model.profile import Profile
from mos.model.signal import Actor, Signal, SignalKind, Trust
from tests.builders import NOON, identifier, signal
from tests.property.worlds import DEVICES, KINDS, NAMES, NOBODYS, Unifier

ALL = (*DEVICES, *NAMES, *NOBODYS)
PHASES = [Phase.generate] if os.environ.get("MOS_NO_SHRINK") else tuple(Phase)


class IdentityMachine(RuleBasedStateMachine):
    """A data layer, and what must hold of it after every step."""

    @initialize()
    def start(self) -> None:
        self.layer = Unifier()
        self.minute = 0
        self.sent: list[Signal] = []
        self.ids: set[str] = set()
        self.stopped: set[str] = set()

    def _send(self, *signals: Signal) -> None:
        assert self.layer.run(list(signals)) == set()
        self.sent += signals
        self.ids |= set(self.layer.people())

    def _now(self) -> timedelta:
        self.minute += 1
        return timedelta(minutes=self.minute)

    @rule(
        ids=st.lists(st.sampled_from(ALL), min_size=1, max_size=3, unique=True),
        kind=st.sampled_from(KINDS),
        granted=st.sampled_from([None, None, True, False]),
        late=st.sampled_from([0, 0, 0, 3, 15_000]),
        trust=st.sampled_from([Trust.SIGNED, Trust.SIGNED, Trust.UNSIGNED]),
    )
    def arrives(
        self, *, ids: list[str], kind: SignalKind, granted: bool | None, late: int, trust: Trust
    ) -> None:
        now = NOON + self._now()
        said = () if granted is None else (
            ConsentGrant(purpose=Purpose.EMAIL_MARKETING, granted=granted),
        )  # fmt: skip
        self._send(
            signal(kind, ids=tuple(ids), key=f"s{self.minute}", consent=said, received_at=now,
                   occurred_at=now - timedelta(minutes=late), properties={"path": "/pricing"},
                   trust=trust)
        )  # fmt: skip

    @rule(
        groups=st.lists(
            st.lists(st.sampled_from(ALL), min_size=1, max_size=2, unique=True),
            min_size=2, max_size=4,
        )
    )  # fmt: skip
    def arrive_together(self, groups: list[list[str]]) -> None:
        made = []
        for ids in groups:
            now = NOON + self._now()
            made.append(signal(ids=tuple(ids), key=f"s{self.minute}", received_at=now,
                               occurred_at=now))  # fmt: skip
        self._send(*made)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def comes_again(self, data: st.DataObject) -> None:
        assert self.layer.run([data.draw(st.sampled_from(self.sent))]) == set()

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), late=st.sampled_from([1, 70]))
    def is_sent_again(self, data: st.DataObject, late: int) -> None:
        """A library tries again: the same message, another time of receipt and of correction."""
        one = data.draw(st.sampled_from(self.sent))
        at = one.received_at + timedelta(minutes=late)
        moved = one.occurred_at + timedelta(minutes=late)
        again = one.model_copy(update={"received_at": at, "occurred_at": moved})
        held = len(self.layer.log.items)
        assert self.layer.run([again]) == set()
        assert len(self.layer.log.items) == held

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), actor=st.sampled_from(list(Actor)))
    def is_reclassified(self, data: st.DataObject, actor: Actor) -> None:
        target = data.draw(st.sampled_from(self.sent))
        by = f"ops{self.minute}"
        self._send(
            reclassify(target, actor, "looked at", by=by, source="operator",
                       now=NOON + self._now())
        )  # fmt: skip

    def _several(self) -> list[Profile]:
        people = self.layer.people().values()
        return sorted((p for p in people if len(p.identifiers) > 1), key=lambda p: p.profile_id)

    @precondition(lambda self: self._several())
    @rule(data=st.data())
    def is_unmerged(self, data: st.DataObject) -> None:
        whole = data.draw(st.sampled_from(self._several()))
        size = len(whole.identifiers)
        moved = data.draw(
            st.lists(st.sampled_from(whole.identifiers), min_size=1, max_size=size - 1, unique=True)
        )
        keys = {i.key for i in moved}
        stay = tuple(i for i in whole.identifiers if i.key not in keys)
        stops = tuple(map(name_stop, whole.suppressions))
        self._send(
            *separate(tuple(moved), stay, stops, {}, by=f"ops{self.minute}",
                      now=NOON + self._now())
        )  # fmt: skip
        parts = self.layer.partition()
        assert not any(keys & p and {i.key for i in stay} & p for p in parts)

    @rule(left=st.sampled_from(NAMES), right=st.sampled_from(NAMES))
    def a_human_merges(self, left: str, right: str) -> None:
        if left == right:
            return
        self._send(merge(identifier(left), identifier(right), {}, by="ops", now=NOON + self._now()))
        assert any({left, right} <= part for part in self.layer.partition())

    @invariant()
    def every_profile_is_the_fold_of_its_log(self) -> None:
        for profile in self.layer.people().values():
            keys = {i.key for i in profile.identifiers}
            start = Profile(profile_id=profile.profile_id, identifiers=profile.identifiers)
            own = [
                signal for r in self.layer.log.items.values()
                if is_of(signal := Signal.parse(r.body), keys, self.layer.bundle, r.tags.get(HOME))
            ]  # fmt: skip
            assert profile.canonical() == fold_all(start, own, self.layer.bundle).canonical()

    @invariant()
    def the_log_read_again_gives_the_same_people(self) -> None:
        logged = [Signal.parse(r.body) for r in self.layer.log.items.values()]
        again = Replay(self.layer.bundle).take(logged)
        stored = {p.profile_id: p.canonical() for p in self.layer.people().values()}
        named = {i: p.canonical() for i, p in again.people().items()}
        assert stored == {i: text for i, text in named.items() if i in stored}
        assert set(named) - set(stored) <= {again.person_of(key) for key in again.devices}

    @invariant()
    def nothing_is_lost_and_every_id_still_leads_to_somebody(self) -> None:
        logged = {Signal.parse(r.body).signal_id for r in self.layer.log.items.values()}
        assert {s.signal_id for s in self.sent} <= logged
        living = set(self.layer.people())
        for found in self.ids:
            assert self.layer.root(found) in living

    @invariant()
    def a_stop_outlives_merge_and_unmerge(self) -> None:
        held = {
            i.key for p in self.layer.people().values() if p.suppressions for i in p.identifiers
        }
        assert self.stopped <= held | self._forgiven()
        self.stopped = held

    def _forgiven(self) -> set[str]:
        """Return whose unsubscribe turned out to be a scanner's: only that may end a stop."""
        names = {s.signal_id for s in self.sent if s.kind is SignalKind.EMAIL_UNSUBSCRIBED}
        judged = {str(s.properties.get("target")) for s in self.sent} & names
        return set(ALL) if judged else set()


TestIdentity = pytest.mark.slow(IdentityMachine.TestCase)
TestIdentity.settings = settings(
    max_examples=int(os.environ.get("MOS_EXAMPLES", "40")),
    stateful_step_count=15,
    derandomize=True,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    phases=PHASES,
)
