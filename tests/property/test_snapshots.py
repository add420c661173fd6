"""Snapshots of a fold are a cache: with them, without them and after they are lost, the same."""

import os
import zlib
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from mos.identity.fold import FoldState
from mos.identity.snapshot import MOST_KEPT, Marks, Snapshot, moment_of, name_place, thin_out
from mos.model.profile import Profile
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle
from tests.builders import NOON, edge, identifier, signal
from tests.property.test_identity_machine import PHASES, IdentityMachine
from tests.property.worlds import DEVICES as ALL
from tests.property.worlds import Unifier, arrivals, modest, policy, worlds


def off_clock(signal: Signal) -> Signal:
    """Return a signal of a sender whose clock is behind, or who has none, or is right."""
    chance = zlib.crc32(signal.signal_id.encode())
    if signal.stated_at is None or chance % 5 == 0:
        return signal.model_copy(update={"stated_at": None})
    stated = signal.stated_at - timedelta(hours=chance % 3 * 7)
    return signal.model_copy(update={"stated_at": stated})


class SnapshotMachine(IdentityMachine):
    """A data layer in which every second signal leaves a snapshot, and some are lost."""

    @initialize()
    def start(self) -> None:
        super().start()
        self.layer.every, self.layer.full = 2, 0

    @precondition(lambda self: self._places())
    @rule(data=st.data())
    def a_snapshot_is_lost(self, data: st.DataObject) -> None:
        self.layer.identity.delete(*data.draw(st.sampled_from(self._places())))

    def _send(self, *signals: Signal) -> None:
        super()._send(*map(off_clock, signals))

    def _places(self) -> list[tuple[str, str]]:
        return sorted(k for k in self.layer.identity.items if k[1].startswith("SNAPSHOT#"))

    @invariant()
    def snapshots_that_hold_are_few_and_all_others_are_gone(self) -> None:
        named: set[tuple[str, str]] = set()
        for (pk, sk), record in self.layer.identity.items.items():
            if sk == "PROFILE" and "snapshots" in record.tags:
                places = Marks.parse(record.tags["snapshots"]).places
                assert len(places) <= MOST_KEPT
                assert list(places) == sorted(places)
                named |= {(pk, f"SNAPSHOT#{place}") for place in places}
        assert set(self._places()) <= named


TestSnapshots = pytest.mark.slow(SnapshotMachine.TestCase)
TestSnapshots.settings = settings(
    max_examples=int(os.environ.get("MOS_EXAMPLES", "40")),
    stateful_step_count=20,
    derandomize=True,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    phases=PHASES,
)


@modest(40)
@given(worlds(most=14).flatmap(arrivals))
def test_with_snapshots_everybody_is_as_without_them(batches: list[list[Signal]]) -> None:
    bare, marked = Unifier(), Unifier()
    bare.full = 1_000
    marked.every, marked.full = 2, 0

    bare.take(batches)
    marked.take(batches)

    assert {i: p.canonical() for i, p in marked.people().items()} == {
        i: p.canonical() for i, p in bare.people().items()
    }


@given(st.sets(st.integers(0, 10**6), min_size=1, max_size=60))
def test_of_many_snapshots_the_newest_stays_and_the_old_ones_are_few(minutes: set[int]) -> None:
    places = [name_place(NOON + timedelta(minutes=minute), "{}") for minute in sorted(minutes)]

    kept = thin_out(places)

    assert kept[-1] == places[-1]
    assert len(kept) == min(len(places), MOST_KEPT)
    assert set(kept) <= set(places)
    assert [moment_of(place) for place in kept] == sorted(moment_of(place) for place in kept)


def test_a_snapshot_serves_who_would_have_been_folded_to_the_same_so_far() -> None:
    jane, mail, device, other = map(identifier, ("user_id:u1", "email:j@a.example", *ALL[:2]))
    start = Profile(profile_id="per_1", identifiers=(edge(jane.key), edge(mail.key)))
    page = signal(ids=(jane.key, device.key))
    snapshot = Snapshot.of(FoldState.start(start).take(page, policy()), NOON, policy())
    table = "tables/signals/engagement.toml"
    changed = Bundle(policy().files | {table: policy().files[table].replace(b"= 20", b"= 21")})

    assert snapshot.fits([mail, jane], policy())
    assert snapshot.fits([mail, jane, other], policy())
    assert not snapshot.fits([mail, jane, device], policy())
    assert not snapshot.fits([jane], policy())
    assert not snapshot.fits([mail, jane], changed)
