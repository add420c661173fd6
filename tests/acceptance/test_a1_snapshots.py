"""A.1.13, A.1.8, A.1.20 with snapshots: what they hold of somebody goes with them, or is parted."""

from datetime import timedelta

from mos.identity.fold import fold_all
from mos.identity.snapshot import leaves_one
from mos.model.profile import Profile
from mos.model.signal import Signal, SignalKind
from tests.acceptance.test_a1_erasure import everything
from tests.builders import NOON, signal
from tests.system_in_process import System

ANA, BEA = "email:ana@acme.example", "email:bea@globex.example"
SHARED = "anonymous_id:kiosk"


def pages(who: str, count: int, *carried: str) -> list[Signal]:
    """Return page views of somebody, a minute apart, of which some leave a snapshot."""
    made = [
        signal(minute=n, ids=(who, *carried), key=f"{who}{n}", properties={"path": "/Wazir"})
        for n in range(count)
    ]
    assert any(map(leaves_one, made[40:]))
    return made


def snapshots(system: System) -> set[str]:
    """Return whose snapshots are stored."""
    return {r.pk for r in system.tables["identity"].scan() if r.sk.startswith("SNAPSHOT#")}


def read(system: System, signals: list[Signal]) -> None:
    for first in range(0, len(signals), 50):
        system.play(*signals[first : first + 50])


def is_the_fold_of_their_log(system: System, who: str) -> bool:
    held = system.profile(who)
    keys = {i.key for i in held.identifiers}
    own = [s for s in system.logged() if s.identifiers and s.identifiers[0].key in keys]
    start = Profile(profile_id=held.profile_id, identifiers=held.identifiers)
    return fold_all(start, own, system.bundle).canonical() == held.canonical()


def test_a1_13_snapshots_are_erased_with_the_person_and_with_whom_they_were_met() -> None:
    system = System()
    system.play(signal(SignalKind.IDENTIFY, ids=(BEA, SHARED), key="bea", minute=-5))
    read(system, pages(ANA, 600, SHARED))
    ana = system.profile(ANA).profile_id
    assert f"PERSON#{ana}" in snapshots(system)
    system.now = NOON + timedelta(days=1)

    system.say("privacy", subject=BEA, request="erase")
    assert SHARED not in everything(system)
    system.say("privacy", subject=ANA, request="erase")

    assert snapshots(system) == set()
    assert [mark for mark in (ANA, BEA, "/Wazir") if mark in everything(system)] == []


def test_a1_20_a_late_signal_of_somebody_with_a_long_history_gives_the_same_bytes() -> None:
    system = System()
    read(system, pages(ANA, 900))
    late = signal(minute=850.5, ids=(ANA,), key="late", received_at=NOON + timedelta(days=3))

    system.play(late)

    assert snapshots(system)
    assert system.profile(ANA).counts["page"] == 901
    assert is_the_fold_of_their_log(system, ANA)


def test_a1_08_an_unmerge_leaves_no_snapshot_of_the_two_as_one() -> None:
    system = System()
    read(system, pages(ANA, 600))
    read(system, [signal(minute=700, ids=(BEA,), key="bea", properties={"path": "/Rani"})])
    before = {name: system.profile(name).counts for name in (ANA, BEA)}
    system.now = NOON + timedelta(days=1)

    system.say("merge", left=ANA, right=BEA, reason="looks alike")
    system.later(hours=1)
    system.say("unmerge", subject=ANA, identifiers=(BEA,), reason="two people")

    assert {name: system.profile(name).counts for name in (ANA, BEA)} == before
    held = [r for r in system.tables["identity"].scan() if r.sk.startswith("SNAPSHOT#")]
    assert not [r for r in held if "bea@" in r.body and "ana@" in r.body]
