"""Rows A.10.9 and A.3.19: no function follows a pointer that no report and no exit stands for."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.local.policy import bring
from mos.aws import fallback
from mos.aws.bundles import BundleStore
from mos.aws.canaries import Canaries
from mos.aws.pointer import ACTIVE, GOOD
from mos.errors import BundleError
from mos.memory.bucket import FakeBucket
from mos.memory.signer import FakeSigner
from mos.model.admission import Admission, Ground, SignedText
from mos.model.canary import Canary
from mos.model.report import ImpactReport
from tests.builders import changed, starter
from tests.gating import Stage, reached
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

OTHER = changed(bundle='name = "other"\nwhy = "Another."\n')


@pytest.fixture(scope="module", autouse=True)
def stores() -> Iterator[None]:
    with reached():
        yield


def by_hand(bucket: FakeBucket, digest: str) -> None:
    """Move the pointer as somebody does who may write it and has no report."""
    bucket.put(ACTIVE, json.dumps({"digest": digest, "by": "mallory", "before": []}).encode())


@pytest.mark.parametrize("signs", [True, False])
def test_a10_09_a_pointer_moved_by_hand_is_not_followed_and_that_is_said(*, signs: bool) -> None:
    stage = Stage(signs=signs)
    stage.store.publish(OTHER)
    warm = stage.open()
    warm.active()

    by_hand(stage.bucket, OTHER.digest)

    fallback.take()
    for store in (warm, stage.open()):
        assert store.active().digest == starter().digest
    said = fallback.take()
    assert len(said) == 2
    assert all("no impact report and no recorded exit" in one for one in said)
    assert all(OTHER.digest[:12] in one for one in said)


def test_a10_09_the_whole_system_goes_on_by_what_it_may() -> None:
    system = System(starter())
    system.store.publish(OTHER)
    by_hand(system.store.bucket, OTHER.digest)

    system.play(*browsing(4), jane())

    assert {event.bundle for event in system.history[-1][1:4]} == {starter().digest}  # type: ignore[attr-defined]
    assert fallback.take()


def test_a10_09_a_canary_started_by_hand_carries_nobody() -> None:
    stage = Stage()
    stage.store.publish(OTHER)
    canary = Canary(
        digest=OTHER.digest, baseline=starter().digest, percent=100,
        started_at=datetime.now(UTC), by="mallory",
    )  # fmt: skip
    Canaries(stage.bucket).start(canary)

    assert stage.open().active_for("acc_1", datetime.now(UTC)).digest == starter().digest
    assert "canary" in fallback.take()[0]

    stage.report(OTHER)
    stage.release().admit(stage.store, OTHER.digest)
    assert stage.open().active_for("acc_1", datetime.now(UTC)).digest == OTHER.digest


def grounds() -> dict[str, Callable[[Stage, ImpactReport], Admission | None]]:
    """Return grounds that lie, each in another way."""

    def made(stage: Stage, report: ImpactReport, whose: str = "ours") -> Admission:
        text = report.canonical()
        signature = base64.b64encode(FakeSigner(whose).sign(text)).decode()
        proof = SignedText(text=text, signature=signature)
        return Admission(
            candidate=OTHER.digest, ground=Ground.REPORT, at=datetime.now(UTC), by="m", proof=proof
        )

    return {
        "somebody else's signature": lambda s, r: made(s, r, "a thief's"),
        "a report that broke": lambda s, r: made(s, r.model_copy(update={"broken": ("harm",)})),
        "of another digest": lambda s, r: made(s, r.model_copy(update={"candidate": "f" * 64})),
        "nobody stands for it": lambda s, r: made(s, r.model_copy(update={"eyes": ("looser",)})),
        "unsigned": lambda _s, _r: Admission(
            candidate=OTHER.digest, ground=Ground.UNSIGNED, at=datetime.now(UTC), by="m"
        ),
        "the first, it says": lambda _s, _r: Admission(
            candidate=OTHER.digest, ground=Ground.FIRST, at=datetime.now(UTC), by="m"
        ),
        "a rollback, it says": lambda _s, _r: Admission(
            candidate=OTHER.digest, ground=Ground.ROLLBACK, at=datetime.now(UTC), by="m"
        ),
        "nothing": lambda _s, _r: None,
    }


@pytest.mark.parametrize("lie", grounds())
def test_a10_09_a_ground_that_does_not_hold_is_none(lie: str) -> None:
    stage = Stage()
    report = stage.report(OTHER)
    ground = grounds()[lie](stage, report)
    if ground:
        key = f"pointers/admitted/{OTHER.digest}.json"
        stage.bucket.put(key, ground.canonical().encode())
    by_hand(stage.bucket, OTHER.digest)

    assert stage.open().active().digest == starter().digest
    fallback.take()
    with pytest.raises(BundleError):
        stage.open().activate(OTHER.digest, "mallory")


def test_a10_09_a_ground_is_read_once_in_a_container() -> None:
    stage, asked = Stage(), list[str]()

    class Counting(FakeBucket):
        def get(self, key: str) -> bytes | None:
            asked.append(key)
            return super().get(key)

    bucket = Counting()
    bucket.objects = stage.bucket.objects
    store = BundleStore(bucket, stage.signer)
    for _ in range(5):
        store.active()

    assert [key for key in asked if key != ACTIVE] == [
        f"bundles/{starter().digest}.zip",
        f"bundles/{starter().digest}.sig",
        f"pointers/admitted/{starter().digest}.json",
    ]


def test_a10_09_the_local_stage_gives_way_and_says_so() -> None:
    bucket = FakeBucket()
    store = BundleStore(bucket)
    store.publish(OTHER)
    by_hand(bucket, OTHER.digest)

    standing = bring(BundleStore(bucket), starter())

    assert standing.active == starter().digest
    assert "no impact report and no recorded exit" in standing.note


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["move", "hand", "back", "copy"]), max_size=8), st.data())
def test_a10_09_whatever_is_done_to_the_pointer_only_what_was_let_decides(
    deeds: list[str], data: st.DataObject
) -> None:
    bundles = [changed(bundle=f'name = "b{n}"\nwhy = "One."\n') for n in range(3)]
    stage, let = Stage(), {starter().digest}
    for bundle in bundles:
        stage.store.publish(bundle)
    for deed in deeds:
        bundle = data.draw(st.sampled_from(bundles))
        if deed == "move":
            stage.report(bundle, baseline=stage.open().active().digest)
            stage.release().activate(bundle.digest)
            let.add(bundle.digest)
        elif deed == "hand":
            by_hand(stage.bucket, bundle.digest)
        elif deed == "back" and len(stage.store.pointer.list_history()) > 1:
            stage.open().roll_back("ops")
        elif deed == "copy":
            stage.bucket.put(ACTIVE, stage.bucket.objects[GOOD])

        assert stage.open().active().digest in let
    fallback.take()
