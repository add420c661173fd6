"""Rows A.4.6, 7 and 9 with many runs at once: none gives up, and no cap, rep or limit is passed."""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from functions.decisioning.handler import step
from functions.decisioning.repository import Arms, Ledger
from functions.decisioning.touches import Lately
from functions.policy.permit import permit
from lab.bench.contested import ContestedTable
from mos.aws.bundles import BundleStore
from mos.events import ActionDecided, ActionsPermitted
from mos.memory.asker import FakeAsker
from mos.memory.bucket import FakeBucket
from mos.memory.table import FakeTable
from mos.memory.timers import FakeTimers
from mos.model.decision import PersonFacts
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment
from tests.builders import NOON, without_holdout
from tests.property.steps import placed

REPS = ("ae-ada", "ae-ben", "ae-cleo")
FACTS: dict[str, Any] = {
    "account.is_company": True, "account.employees": 900, "account.industry": "fintech",
    "group.stage": "qualified", "account.stage": "mqa",
}  # fmt: skip
HAND_OFFS = {"ae_handoff", "executive_intro"}
THREADS = 24


def limited(at_most: int) -> Bundle:
    path = "constraints/ae_handoffs.toml"
    text = without_holdout().text(path).replace("at_most = 40", f"at_most = {at_most}")
    return Bundle(without_holdout().files | {path: text.encode()})


def ready(bundle: Bundle, run: int, group: str, person: str, capacity: int) -> ActionsPermitted:
    """Return a group that is ready for sales, with one person whom any channel may reach."""
    facts: dict[str, Any] = {
        "person.hours_since.page": 0.5,
        "person.known": True, "person.reachable_by_email": True, "person.engagement": 90.0,
        "person.consents": ("phone_sales", "email_marketing"),
    }  # fmt: skip
    event = placed([PersonFacts(person_id=person, facts=facts)], dict(FACTS), f"run_{run}")
    named = {"group_id": group, "account_id": f"acc_{group}", "bundle": bundle.digest}
    event = event.model_copy(update=named)
    allowed = permit(event, bundle)
    turned = REPS[run % 3 :] + REPS[: run % 3]
    line = tuple(f"{rep}:{capacity}" for rep in turned)
    route = allowed.route.model_copy(update={"line": line, "owner": turned[0]})
    return allowed.model_copy(update={"route": route})


def run_all(
    events: Iterable[ActionsPermitted], bundle: Bundle, table: FakeTable
) -> list[ActionDecided]:
    """Decide on all at once; a run that gives up raises here."""
    store = BundleStore(FakeBucket())
    store.publish(bundle)

    def run(event: ActionsPermitted) -> ActionDecided:
        ledger, arms = Ledger(table), Arms(FakeTable())
        return step(event, Moment(NOON), ledger, arms, store, FakeTimers(), FakeAsker())

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, events))


def loads(table: FakeTable) -> dict[str, int]:
    return {rep: len(Lately.read(table, f"rep:{rep}").touches) for rep in REPS}


@pytest.mark.slow
def test_a4_09_a_thousand_runs_share_three_reps_and_one_limit() -> None:
    bundle, table = limited(50), ContestedTable()
    events = (ready(bundle, n, f"grp_{n}", f"per_{n}", 20) for n in range(1000))

    said = run_all(events, bundle, table)

    served = [d for d in said if d.action.name in HAND_OFFS]
    used = sum(r.numbers["used"] for r in table.query("VOLUME#ae_handoffs"))
    assert len({d.decision_id for d in said}) == 1000
    assert 0 < len(served) <= 50
    assert used == 100 * len(served)
    assert max(loads(table).values()) <= 20
    assert sum(loads(table).values()) >= len(served)


@pytest.mark.slow
def test_a4_07_where_only_the_reps_are_scarce_each_is_filled_and_none_beyond() -> None:
    bundle, table = limited(5000), ContestedTable()
    events = (ready(bundle, n, f"grp_{n}", f"per_{n}", 20) for n in range(200))

    said = run_all(events, bundle, table)

    assert len(said) == 200
    assert loads(table) == dict.fromkeys(REPS, 20)


def test_a4_06_one_person_in_two_groups_has_one_budget_over_many_runs() -> None:
    bundle, table = limited(5000), ContestedTable()
    events = (ready(bundle, n, f"grp_{n % 2}", "per_1", 1000) for n in range(60))

    said = run_all(events, bundle, table)

    touched = Counter(d.channel for d in said if d.action.touches)
    groups = Counter(d.group_id for d in said if d.action.touches)
    assert len(said) == 60
    assert touched["email"] <= 1
    assert touched["hubspot_task"] <= 2
    assert max(groups.values()) <= 2
    assert len(Lately.read(table, "per_1").touches) == touched.total() >= 1
    # A colleague's call and a machine's mail do not go out beside each other.
    assert touched["email"] + touched["hubspot_task"] == 1


def test_a4_07_a_run_that_comes_again_counts_once() -> None:
    bundle, table = limited(5000), ContestedTable()
    event = ready(bundle, 1, "grp_1", "per_1", 20)

    said = run_all([event] * 12, bundle, table)

    assert len({d.model_dump_json() for d in said}) == 1
    assert sum(loads(table).values()) == 1
