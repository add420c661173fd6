"""A.10.10 and A.10.14: some accounts first, a way back without a hand, and the drill of it."""

from datetime import timedelta
from random import Random

import pytest

from functions.learning.repository import Lessons
from functions.learning.watch import watch
from mos.aws.bundles import BundleStore, key_of
from mos.aws.canaries import CANARY, Canaries
from mos.errors import CanaryError, MissingError
from mos.memory.bucket import FakeBucket
from mos.memory.table import FakeTable
from mos.model.canary import Canary
from mos.model.decision import Decision
from mos.model.lesson import Credit, Outcome, OutcomeKind, Touch
from tests.builders import NOON, changed, starter
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

OTHER = changed(bundle='name = "other"\nwhy = "Another."\n')
ACCOUNTS = [f"acc_{i}" for i in range(2000)]


def store() -> BundleStore:
    made = BundleStore(FakeBucket())
    for bundle in (OTHER, starter()):
        made.publish(bundle)
    made.activate(starter().digest, "test")
    made.admit(OTHER.digest, "test")
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
    return {
        a
        for a in ACCOUNTS
        if made.active_for(a, NOON + timedelta(minutes=30)).digest == OTHER.digest
    }


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


def lessons_of(rates: dict[str, float]) -> FakeTable:
    """Mail sixty accounts of each bundle ten times; so many of each ten leave."""
    table, rng = FakeTable(), Random(3)  # noqa: S311  a test's accounts
    lessons = Lessons(table, NOON + timedelta(minutes=12))
    for digest, rate in rates.items():
        for number in range(60):
            for touch in range(10):
                cause = f"{digest[:6]}-{number}-{touch}"
                lessons.save_touch(mail(cause, digest, f"acc_{number}"))
                if rng.random() < rate:
                    lessons.save_credit(left(cause, digest, f"acc_{number}"))
    return table


def mail(cause: str, digest: str, account: str) -> Touch:
    return Touch(
        decision_id=cause,
        action_id=f"act-{cause}",
        group_id=f"grp-{account}",
        person_id="per_1",
        segment="strong",
        action="email_roi",
        treatment="plain",
        channel="email",
        probability=1.0,
        at=NOON + timedelta(minutes=11),
        account_id=account,
        bundle=digest,
        brings=("unsubscribed", "complained"),
    )


def left(cause: str, digest: str, account: str) -> Credit:
    return Credit(
        decision_id=cause,
        outcome=Outcome(
            kind=OutcomeKind.UNSUBSCRIBED,
            signal_id=f"sig-{cause}",
            at=NOON + timedelta(minutes=12),
            person_id="per_1",
            group_id=f"grp-{account}",
        ),
        rule="by_action_id",
        reward=0.0,
        segment="strong",
        action="email_roi",
        treatment="plain",
        account_id=account,
        bundle=digest,
        touched_at=NOON + timedelta(minutes=11),
    )


def test_a10_10_a_broken_guardrail_takes_everybody_back_without_a_hand() -> None:
    made = store()
    Canaries(made.bucket).start(canary(30))
    lessons = lessons_of({OTHER.digest: 0.3, starter().digest: 0.01})

    watched = watch(NOON + timedelta(minutes=40), lessons, made)

    assert watched is not None
    assert [f.guardrail for f in watched.findings if f.broken] == ["unsubscribes"]
    assert carried(made) == set()
    latest = Canaries(made.bucket).latest()
    assert latest is not None
    assert latest.ended.startswith("unsubscribes: ")
    assert Canaries(made.bucket).noted() == watched


def test_a10_10_a_canary_that_does_no_harm_goes_on() -> None:
    made = store()
    Canaries(made.bucket).start(canary(30))
    lessons = lessons_of({OTHER.digest: 0.02, starter().digest: 0.02})

    watched = watch(NOON + timedelta(minutes=40), lessons, made)

    assert watched is not None
    assert not any(f.broken for f in watched.findings)
    assert carried(made)


def test_where_no_canary_runs_there_is_nothing_to_watch() -> None:
    assert watch(NOON, FakeTable(), store()) is None


def test_a_run_of_a_carrying_account_decides_and_learns_by_the_candidate() -> None:
    system = System(starter())
    system.store.publish(OTHER)
    system.store.admit(OTHER.digest, "test")
    Canaries(system.store.bucket).start(canary(100))

    system.play(*browsing(4), jane())

    decision = next(
        Decision.parse(r.body) for r in system.tables["decisions"].scan() if r.sk == "DECISION"
    )
    assert decision.bundle == OTHER.digest
