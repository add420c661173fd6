"""Row A.4.9: what is scarce is shared out over the whole batch, not to whoever comes first."""

import itertools
import threading
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.decisioning.constrain import Bid, Choice, allocate, price
from functions.decisioning.handler import step as decide
from functions.decisioning.repository import Arms, Ledger
from functions.policy.permit import permit
from mos.aws.bundles import BundleStore
from mos.events import SubjectPlaced
from mos.memory.asker import FakeAsker
from mos.memory.bucket import FakeBucket
from mos.memory.table import FakeTable
from mos.memory.timers import FakeTimers
from mos.model.decision import PersonFacts
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import ERROR
from mos.policy.examine import examine
from mos.ports import Moment
from tests.builders import NOON, without_holdout
from tests.property.steps import placed
from tests.property.worlds import modest

NOTHING = Choice(0.0, {})
choices = st.lists(
    st.builds(
        Choice,
        st.floats(0, 100),
        st.fixed_dictionaries({}, optional={"ae": st.just(1.0), "usd": st.floats(0.1, 3)}),
    ),
    min_size=1,
    max_size=2,
)


def worth(groups: list[list[Choice]], chosen: list[int]) -> float:
    return sum(group[i].worth for group, i in zip(groups, chosen, strict=True))


def keeps(groups: list[list[Choice]], chosen: list[int], limits: dict[str, float]) -> bool:
    return all(
        sum(g[i].uses.get(n, 0) for g, i in zip(groups, chosen, strict=True)) <= limit + 1e-9
        for n, limit in limits.items()
    )


@modest(60)
@given(st.lists(choices, min_size=1, max_size=6), st.integers(0, 4), st.floats(0, 6))
def test_a4_09_no_limit_is_passed_and_no_single_change_would_be_better(
    given_: list[list[Choice]], ae: int, usd: float
) -> None:
    groups, limits = [[NOTHING, *group] for group in given_], {"ae": float(ae), "usd": usd}

    chosen = allocate(groups, limits)

    assert keeps(groups, chosen, limits)
    for place, group in enumerate(groups):
        for other in range(len(group)):
            moved = [*chosen[:place], other, *chosen[place + 1 :]]
            assert not keeps(groups, moved, limits) or (
                worth(groups, moved) <= worth(groups, chosen) + 1e-9
            )


def test_a4_09_it_is_within_a_hundredth_of_the_best_there_is() -> None:
    rng = Random(5)  # noqa: S311  a test's batch
    ours, best = 0.0, 0.0
    for _ in range(20):
        groups = [
            [
                NOTHING,
                Choice(rng.uniform(0, 50), {"ae": 1.0}),
                Choice(rng.uniform(0, 20), {"usd": 1.0}),
            ]
            for _ in range(7)
        ]
        limits = {"ae": 2.0, "usd": 3.0}
        every = itertools.product(range(3), repeat=7)
        best += max(worth(groups, list(c)) for c in every if keeps(groups, list(c), limits))
        ours += worth(groups, allocate(groups, limits))

    assert ours >= 0.99 * best


@pytest.mark.slow
def test_a4_09_a_days_batch_is_within_a_hundredth_of_what_no_choice_could_pass() -> None:
    """At any prices, what groups would gain plus what the limits would cost bounds the best."""
    rng = Random(11)  # noqa: S311  a test's batch
    groups = [
        [
            Choice(rng.uniform(0, 2), {}),
            Choice(rng.expovariate(1 / 100), {"ae": 1.0}),
            Choice(rng.expovariate(1 / 20), {"usd": rng.uniform(0.2, 2)}),
            Choice(rng.expovariate(1 / 110), {"ae": 1.0, "usd": rng.uniform(0.2, 2)}),
        ]
        for _ in range(400)
    ]
    limits = {"ae": 40.0, "usd": 60.0}

    chosen = allocate(groups, limits)

    def bound(ae: float, usd: float) -> float:
        gains = (
            max(c.worth - ae * c.uses.get("ae", 0) - usd * c.uses.get("usd", 0) for c in group)
            for group in groups
        )
        return sum(gains) + ae * limits["ae"] + usd * limits["usd"]

    least = min(bound(ae * 10, usd * 4) for ae in range(40) for usd in range(25))
    assert keeps(groups, chosen, limits)
    assert worth(groups, chosen) >= 0.99 * least
    assert worth(groups, chosen) > 1.5 * worth(groups, first_come(groups, limits))


def first_come(groups: list[list[Choice]], limits: dict[str, float]) -> list[int]:
    """Give each group in turn the best that is left for it."""
    chosen = [0] * len(groups)
    for place, group in enumerate(groups):
        best = sorted(range(len(group)), key=lambda i: group[i].worth, reverse=True)
        for choice in best:
            chosen[place] = choice
            if keeps(groups, chosen, limits):
                break
    return chosen


def test_a4_09_the_best_forty_of_a_day_are_served_not_the_first() -> None:
    """Four hundred groups want a hand-off on a day on which forty can be had."""
    rng = Random(9)  # noqa: S311  a test's day
    week = [Bid(rng.uniform(0, 168), rng.expovariate(1 / 100)) for _ in range(2800)]
    day = sorted((rng.uniform(0, 24), rng.expovariate(1 / 100)) for _ in range(400))
    first, priced, served = 0.0, 0.0, 0
    for number, (hour, margin) in enumerate(day):
        first += margin if number < 40 else 0
        if served < 40 and margin >= price(week, 40 - served, 24 - hour):
            served, priced = served + 1, priced + margin
    best = sum(sorted((margin for _, margin in day), reverse=True)[:40])

    assert served <= 40
    assert priced > 0.9 * best
    assert first < 0.5 * best


def test_a4_09_nothing_costs_anything_while_there_is_enough_or_nobody_knows() -> None:
    bids = [Bid(float(i), 10.0) for i in range(48)]

    assert price(bids, left=40, hours_left=24) == 0
    assert price(bids[:5], left=0, hours_left=24) == 0
    assert price(bids, left=6, hours_left=24) == 10


@pytest.mark.slow
def test_a4_09_a_hundred_groups_at_once_never_pass_the_days_limit() -> None:
    """With two hand-offs a day for everybody, a hundred ready groups get two, and none errs."""
    path = "constraints/ae_handoffs.toml"
    text = without_holdout().text(path).replace("at_most = 40", "at_most = 2")
    bundle = Bundle(without_holdout().files | {path: text.encode()})
    made = BundleStore(FakeBucket())
    made.publish(bundle)
    table, said, lost = FakeTable(), [], []

    def run(number: int) -> None:
        event = permit(ready(number, bundle), bundle)
        try:
            ledger, arms = Ledger(table), Arms(FakeTable())
            said.append(decide(event, Moment(NOON), ledger, arms, made, FakeTimers(), FakeAsker()))
        except Exception as error:  # noqa: BLE001  whatever it is, it must not be
            lost.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    served = [d for d in said if d.action.name in {"ae_handoff", "executive_intro"}]
    assert lost == []
    assert len(said) == 100
    assert len(served) == 2


def ready(number: int, bundle: Bundle) -> SubjectPlaced:
    facts = {"account.is_company": True, "account.employees": 900, "account.industry": "fintech",
             "group.stage": "qualified", "account.stage": "mqa"}  # fmt: skip
    person = {"person.known": True, "person.reachable_by_email": True, "person.engagement": 90.0,
              "person.consents": ("phone_sales",)}  # fmt: skip
    one = PersonFacts(person_id=f"per_{number}", facts=person)
    event = placed([one], facts, f"run_{number}")
    named = {"group_id": f"grp_{number}", "account_id": f"acc_{number}", "bundle": bundle.digest}
    return event.model_copy(update=named)


def test_a_limit_or_a_control_group_about_nothing_is_a_mistake_with_its_file() -> None:
    texts = {
        "constraints/fax.toml": 'why = "W."\nowner = "o"\nactions = ["fax"]\nat_most = 1\n',
        "experiments/fax.toml": 'why = "W."\nowner = "o"\nissue = "fax"\npercent = 5\n',
        "constraints/bad.toml": 'why = "W."\nowner = "o"\nactions = ["retarget"]\nat_most = 0\n',
    }

    found = {
        name: [
            f["detail"]
            for f in examine(Bundle(without_holdout().files | {name: text.encode()}), NOON.date())
            if f["level"] == ERROR and f["file"] == name
        ]
        for name, text in texts.items()
    }

    assert found["constraints/fax.toml"] == ["the catalogue has no action fax"]
    assert found["experiments/fax.toml"] == ["no action has the issue fax"]
    assert "greater than 0" in found["constraints/bad.toml"][0]
