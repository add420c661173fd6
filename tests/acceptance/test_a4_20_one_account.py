"""Rows A.4.6, A.4.20, A.5.1 and A.5.9: one budget, one colleague and one decision per account."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from functions.action.deliver import deliver, still
from functions.decisioning.handler import step
from functions.decisioning.repository import Arms, Ledger
from functions.decisioning.touches import BY_HUMAN, Lately
from functions.learning.handler import step as learn
from functions.learning.study import Study
from functions.policy.permit import permit
from lab.bench.contested import ContestedTable
from mos.aws.bundles import BundleStore
from mos.events import ActionDecided, ActionsPermitted
from mos.memory.asker import FakeAsker
from mos.memory.bucket import FakeBucket
from mos.memory.table import FakeTable
from mos.memory.timers import FakeTimers
from mos.model.decision import Decision, PersonFacts
from mos.model.delivery import DeliveryStatus
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment
from tests.builders import NOON, starter, without_holdout
from tests.property.steps import mailed, placed

READY: dict[str, Any] = {
    "account.is_company": True, "account.employees": 900, "account.industry": "fintech",
    "group.stage": "qualified", "account.stage": "mqa",
}  # fmt: skip
EARLY = READY | {"group.stage": "engaged", "account.stage": "engaged"}
OWN: dict[str, Any] = {
    "person.known": True, "person.reachable_by_email": True, "person.engagement": 90.0,
    "person.consents": ("email_marketing", "phone_sales"), "person.hours_since.page": 0.5,
}  # fmt: skip
MAIL_ONLY = OWN | {"person.consents": ("email_marketing",)}


def caps(scope: str, most: int, weight: str = "") -> Bundle:
    """Return a bundle with one cap alone, no limits, and rules that let all else pass."""
    files = without_holdout().files
    head = files["tables/contact/limits.toml"].decode().partition("[[row]]")[0]
    row = f'then = {{ scope = "{scope}", channel = "any", at_most = {most}, hours = 168 }}'
    page = f'{head}[[row]]\nid = "the_cap"\n{row}\nwhy = "Of this test."\n'
    mails = [path for path in files if path.startswith("actions/email_")]
    edits = {path: f"{weight}{files[path].decode()}" for path in mails}
    edits |= {"tables/contact/limits.toml": page}
    return Bundle(files | {path: text.encode() for path, text in edits.items()})


def event(
    bundle: Bundle, run: str, group: str, people: Iterable[str], account: str = "acc_1",
    hours: float = 0, facts: dict[str, Any] = READY, own: dict[str, Any] = OWN,
) -> ActionsPermitted:  # fmt: skip
    crowd = [PersonFacts(person_id=one, facts=own) for one in people]
    named = {"group_id": group, "account_id": account, "bundle": bundle.digest}
    at = NOON + timedelta(hours=hours)
    made = placed(crowd, dict(facts), run).model_copy(update={**named, "occurred_at": at})
    return permit(made, bundle)


def decide(
    table: FakeTable, bundle: Bundle, execution: str = "", asker: Any = None
) -> Callable[[ActionsPermitted], ActionDecided]:
    store = BundleStore(FakeBucket())
    store.publish(bundle)

    def run(one: ActionsPermitted) -> ActionDecided:
        moment = Moment(one.occurred_at, execution or one.run_id)
        ledger, arms, clocks = Ledger(table), Arms(FakeTable()), FakeTimers()
        return step(one, moment, ledger, arms, store, clocks, asker or FakeAsker())

    return run


def rows(table: FakeTable, said: ActionDecided) -> dict[str, str]:
    kept = Ledger(table).find(said.decision_id)
    assert kept is not None
    return {c.action: c.fell.row for c in kept.candidates if c.fell}


def test_a4_20_one_form_that_two_buying_groups_hear_of_leads_to_one_hand_off() -> None:
    bundle, table = without_holdout(), FakeTable()
    run = decide(table, bundle)

    first = run(event(bundle, "run_1", "grp_a", ["per_1"]))
    second = run(event(bundle, "run_2", "grp_b", ["per_1"], hours=0.01))

    assert first.action.name == "ae_handoff"
    assert not second.action.touches
    fell = rows(table, second)
    assert fell["ae_handoff"] == "same_handoff_again"
    assert fell["find_economic_buyer"] == "person_is_with_sales"


def test_a4_20_a_rep_gets_an_account_once_whoever_of_it_asks() -> None:
    bundle, table = without_holdout(), FakeTable()
    run = decide(table, bundle)

    run(event(bundle, "run_1", "grp_a", ["per_1"]))
    second = run(event(bundle, "run_2", "grp_b", ["per_2"], hours=0.01))
    other = run(event(bundle, "run_3", "grp_c", ["per_3"], account="acc_2", hours=0.01))
    later = run(event(bundle, "run_4", "grp_b", ["per_2"], hours=25))

    assert rows(table, second)["ae_handoff"] == "account_is_with_sales"
    assert (other.action.name, later.action.name) == ("ae_handoff", "ae_handoff")


@pytest.mark.parametrize("person", ["per_1", "per_{0}"])
def test_a4_20_of_runs_at_once_one_hands_the_account_off(person: str) -> None:
    bundle, table = without_holdout(), ContestedTable()
    events = [event(bundle, f"run_{n}", f"grp_{n}", [person.format(n)]) for n in range(12)]

    with ThreadPoolExecutor(12) as pool:
        said = list(pool.map(decide(table, bundle), events))

    assert sum(one.action.group == "human" for one in said) == 1


def test_a4_20_after_a_hand_off_nothing_automated_leaves_for_a_stated_while() -> None:
    bundle, table = without_holdout(), FakeTable()
    run = decide(table, bundle)
    run(event(bundle, "run_1", "grp_a", ["per_1"]))

    def fell(name: str, group: str, who: str, hours: float) -> str | None:
        made = event(bundle, name, group, [who], hours=hours, facts=EARLY, own=MAIL_ONLY)
        said = run(made)
        return None if said.channel == "email" else rows(table, said)["email_roi"]

    assert fell("run_2", "grp_a", "per_1", 0.001) == "quiet_after_a_handoff"
    assert fell("run_3", "grp_a", "per_2", 0.001) == "quiet_after_a_handoff_in_the_group"
    assert fell("run_4", "grp_b", "per_3", 0.001) == "quiet_after_a_handoff_in_the_account"
    assert fell("run_5", "grp_b", "per_3", 25) is None
    assert fell("run_6", "grp_a", "per_2", 49) is None
    assert fell("run_7", "grp_a", "per_1", 119) == "quiet_after_a_handoff"
    assert fell("run_8", "grp_a", "per_1", 121) is None


def test_a4_20_waiting_ends_when_the_quiet_does() -> None:
    bundle, table = without_holdout(), FakeTable()
    run = decide(table, bundle)
    run(event(bundle, "run_1", "grp_a", ["per_1"]))

    said = run(event(bundle, "run_2", "grp_a", ["per_2"], hours=6, facts=EARLY, own=MAIL_ONLY))
    kept = Ledger(table).find(said.decision_id)

    assert said.action.name == "wait_until"
    assert kept is not None
    assert kept.wait_until == NOON + timedelta(hours=48)


def test_a4_20_a_mail_and_a_hand_off_at_once_do_not_both_go_to_somebody() -> None:
    bundle, table = without_holdout(), ContestedTable()
    events = [event(bundle, f"run_{n}", f"grp_{n}", ["per_1"], account=f"acc_{n}",
                    facts=READY if n % 2 else EARLY, own=OWN if n % 2 else MAIL_ONLY)
              for n in range(8)]  # fmt: skip

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(decide(table, bundle), events))

    order = Lately.read(table, "per_1")
    done = Counter(one.action.group for one in said if one.action.touches)
    assert done["human"] == len(order.moments(BY_HUMAN)) == 1
    assert done["email"] <= 1  # one that left before the colleague took over, and none after


@pytest.mark.parametrize("scope", ["account", "person", "group"])
@pytest.mark.parametrize("most", [1, 7, 30])
def test_a4_06_a_hundred_runs_at_once_use_a_cap_to_the_last_and_no_further(
    scope: str, most: int
) -> None:
    bundle, table = caps(scope, most), FakeTable()
    made = [
        event(bundle, f"run_{n}", "grp_1" if scope == "group" else f"grp_{n}", [f"per_{n}"],
              account="acc_1" if scope == "account" else f"acc_{n}", facts=EARLY, own=MAIL_ONLY)
        for n in range(100)
    ]  # fmt: skip
    if scope == "person":
        # Their mails differ, so that only the cap is in the way.
        most = min(most, 4)
        made = [event(bundle, f"run_{n}", f"grp_{n}", ["per_1"], account=f"acc_{n}", facts=EARLY,
                      own=MAIL_ONLY) for n in range(100)]  # fmt: skip

    with ThreadPoolExecutor(24) as pool:
        said = list(pool.map(decide(table, bundle), made))

    assert sum(one.action.touches for one in said) == most


def test_a5_09_owned_human_and_paid_share_a_budget_by_their_weight() -> None:
    bundle = caps("account", 1, "contact_weight = 0.25\n")
    table = FakeTable()
    run = decide(table, bundle)

    said = [
        run(event(bundle, f"run_{n}", f"grp_{n}", [f"per_{n}"], facts=EARLY, own=MAIL_ONLY))
        for n in range(12)
    ]

    kept = Lately.read(table, "acc_1").touches
    assert sum(one.action.touches for one in said) == len(kept) == 4
    assert sum(touch.weight for touch in kept) == 1


def test_a5_01_two_starts_of_one_run_make_one_decision_and_say_it_alike() -> None:
    bundle, table = without_holdout(), ContestedTable()
    made = event(bundle, "run_1", "grp_a", ["per_1", "per_2"])

    with ThreadPoolExecutor(8) as pool:
        starts = [pool.submit(decide(table, bundle, f"execution-{n}"), made) for n in range(8)]
        said = [start.result() for start in starts]

    records = [r for r in table.scan() if r.sk == "DECISION"]
    assert len({one.model_dump_json() for one in said}) == 1
    assert len(records) == 1
    assert records[0].tags["execution"].startswith("execution-")
    assert len(Lately.read(table, "grp_a").touches) == 1
    assert len(Decision.parse(records[0].body).candidates) > 1


def test_a5_01_one_delivery_told_by_two_executions_is_one_trial() -> None:
    lessons = FakeTable()
    sent = deliver(mailed("run_1"), still(mailed("run_1"), NOON)).model_copy(
        update={"status": DeliveryStatus.SENT}
    )

    study = Study(lessons, lambda _: starter(), starter, NOON)
    said = [learn(sent, Moment(NOON, f"execution-{n}"), study) for n in range(3)]

    trials = [r.numbers["trials"] for r in lessons.scan() if "trials" in r.numbers]
    assert len({one.model_dump_json() for one in said}) == 1
    assert set(trials) == {1}
