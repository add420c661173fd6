"""A.10.10 and A.10.14: some accounts first, a way back without a hand, and the drill of it."""

from datetime import timedelta

import pytest

from lab.memory.bucket import FakeBucket
from mos.aws.bundles import BundleStore, key_of
from mos.aws.canaries import CANARY, Canaries
from mos.errors import CanaryError, MissingError
from mos.model.canary import Canary
from tests.builders import NOON, changed, starter

OTHER = changed(bundle='name = "other"\nwhy = "Another."\n')
ACCOUNTS = [f"acc_{i}" for i in range(2000)]


def store() -> BundleStore:
    made = BundleStore(FakeBucket())
    for bundle in (OTHER, starter()):
        made.publish(bundle)
    made.activate(starter().digest, "test")
    return made


def canary(percent: float = 10, minutes: int = 0) -> Canary:
    return Canary(
        digest=OTHER.digest,
        baseline=starter().digest,
        percent=percent,
        started_at=NOON + timedelta(minutes=minutes),
        by="revops",
    )


def carried(made: BundleStore) -> set[str]:
    return {a for a in ACCOUNTS if made.active_for(a).digest == OTHER.digest}


def test_a10_10_a_share_of_accounts_carries_the_candidate_and_always_the_same_ones() -> None:
    made = store()
    assert carried(made) == set()

    Canaries(made.bucket).start(canary())

    assert 0.08 < len(carried(made)) / len(ACCOUNTS) < 0.12
    assert carried(made) == carried(made)


def test_a10_10_more_of_them_later_are_the_same_and_others() -> None:
    few, many = ({a for a in ACCOUNTS if canary(percent).carries(a)} for percent in (10, 30))

    assert few < many


def test_a10_10_another_canary_draws_other_accounts() -> None:
    first, second = ({a for a in ACCOUNTS if canary(10, minutes).carries(a)} for minutes in (0, 1))

    assert len(first & second) < len(first) / 2


def test_a10_10_ending_it_takes_everybody_back_and_says_why() -> None:
    made = store()
    Canaries(made.bucket).start(canary(100))

    ended = Canaries(made.bucket).end(NOON, "unsubscribes: 4 % against 1 %")

    assert carried(made) == set()
    assert ended.ended == "unsubscribes: 4 % against 1 %"
    with pytest.raises(MissingError, match="canary that runs"):
        Canaries(made.bucket).end(NOON, "again")


def test_only_one_runs_at_a_time() -> None:
    canaries = Canaries(FakeBucket())
    canaries.start(canary())

    with pytest.raises(CanaryError, match="runs; end it first"):
        canaries.start(canary(minutes=1))


def test_one_that_was_started_against_another_bundle_is_not_followed() -> None:
    made = store()
    Canaries(made.bucket).start(canary(100).model_copy(update={"baseline": "f" * 64}))

    assert carried(made) == set()


@pytest.mark.parametrize("key", [key_of(OTHER.digest), CANARY])
def test_one_that_cannot_be_read_is_not_followed(key: str) -> None:
    made = store()
    Canaries(made.bucket).start(canary(100))
    bucket = made.bucket
    bucket.put(key, b"not what it was")

    assert carried(BundleStore(bucket)) == set()
