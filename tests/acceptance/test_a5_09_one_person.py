"""Rows A.5.1, A.5.9 and A.4.6: the same human being is one, whatever they were called when."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.decisioning.contact_history import ContactHistory
from functions.decisioning.handler import step
from functions.decisioning.repository import Arms, Ledger
from functions.policy.permit import permit
from mos.aws.bundles import BundleStore
from mos.events import ActionDecided
from mos.memory.asker import FakeAsker
from mos.memory.bucket import FakeBucket
from mos.memory.table import FakeTable
from mos.memory.timers import FakeTimers
from mos.model.account import SharedTouches
from mos.model.decision import Decision, PersonFacts
from mos.model.former import FormerId
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment, Record
from tests.builders import NOON, without_holdout
from tests.property.steps import placed
from tests.property.worlds import modest

GROUP: dict[str, Any] = {
    "account.is_company": True, "account.employees": 900, "account.industry": "fintech",
    "group.stage": "engaged", "account.stage": "engaged",
}  # fmt: skip
OWN: dict[str, Any] = {
    "person.known": True, "person.reachable_by_email": True, "person.engagement": 60.0,
    "person.consents": ("email_marketing",), "person.hours_since.page": 0.5,
}  # fmt: skip


def only_one_mail() -> Bundle:
    """Return a bundle that knows one mail, and caps nothing: repeats alone keep it back."""
    files = {
        path: body
        for path, body in without_holdout().files.items()
        if not path.startswith(("actions/", "constraints/")) or path.endswith(
            ("email_roi.toml", "do_nothing.toml", "wait_until.toml")
        )
    }  # fmt: skip
    limits = files["tables/contact/limits.toml"].decode().partition("[[row]]")[0]
    made = Bundle(files | {"tables/contact/limits.toml": limits.encode()})
    assert [n for n, a in made.actions.items() if a.touches] == ["email_roi"]
    return made


@dataclass
class Runs:
    """Runs over one ledger."""

    bundle: Bundle = field(default_factory=only_one_mail)
    table: FakeTable = field(default_factory=FakeTable)

    def __post_init__(self) -> None:
        self.store = BundleStore(FakeBucket())
        self.store.publish(self.bundle)
        self.count = 0

    def run(self, person: str, hours: float, former: Iterable[FormerId] = (), **event: Any) -> str:
        """Return what is decided for somebody, so many hours after noon."""
        self.count += 1
        own = PersonFacts(person_id=person, facts=OWN, former=tuple(former))
        run, at = f"run_{self.count}", NOON + timedelta(hours=hours)
        made = placed([own], dict(GROUP), run)
        made = made.model_copy(update={"bundle": self.bundle.digest, "occurred_at": at, **event})
        return self.decide(made).action.name

    def decide(self, made: Any) -> ActionDecided:
        ledger, arms, asker = Ledger(self.table), Arms(FakeTable()), FakeAsker()
        said = permit(made, self.bundle)
        moment = Moment(made.occurred_at)
        return step(said, moment, ledger, arms, self.store, FakeTimers(), asker)


def once(*ids: str) -> tuple[FormerId, ...]:
    return tuple(FormerId(person_id=one) for one in ids)


def test_a5_09_not_again_two_hours_after_a_merge() -> None:
    runs = Runs()

    assert runs.run("per_old", 0) == "email_roi"
    assert runs.run("per_new", 2, once("per_old")) != "email_roi"
    assert runs.run("per_new", 337, once("per_old")) == "email_roi"


def test_a5_09_not_again_through_a_second_buying_group() -> None:
    runs = Runs()

    assert runs.run("per_1", 0, group_id="grp_a") == "email_roi"
    assert runs.run("per_1", 1, group_id="grp_b") != "email_roi"
    assert runs.run("per_2", 1, group_id="grp_b") == "email_roi"


def test_a5_09_not_again_after_joining_an_account() -> None:
    runs = Runs()
    shared = (SharedTouches(group_id="grp_alone"),)

    assert runs.run("per_1", 0, group_id="grp_alone", account_id="acc_alone") == "email_roi"
    assert runs.run("per_1", 2, group_id="grp_firm", account_id="acc_firm") != "email_roi"
    there = {"group_id": "grp_firm", "account_id": "acc_firm", "shared": shared}
    assert runs.run("per_1", 3, **there) != "email_roi"


def test_a5_09_not_again_in_a_group_of_more_than_forty_decisions() -> None:
    runs = Runs()

    assert runs.run("per_1", 0) == "email_roi"
    for number in range(90):
        runs.run(f"per_other_{number}", 1 + number / 100)

    assert runs.run("per_1", 335) != "email_roi"
    assert runs.run("per_1", 337) == "email_roi"


def test_a5_09_a_run_that_began_before_a_merge_counts_what_came_after_it() -> None:
    runs = Runs()

    assert runs.run("per_new", 0, once("per_old")) == "email_roi"
    assert runs.run("per_old", 0.1) != "email_roi"


def test_a5_09_after_an_unmerge_what_was_sent_while_they_were_one_counts_for_both() -> None:
    runs = Runs()
    parted = FormerId(person_id="per_whole", since=NOON, until=NOON + timedelta(hours=10))

    assert runs.run("per_whole", 5) == "email_roi"
    assert runs.run("per_half", 20, [parted]) != "email_roi"
    assert runs.run("per_whole", 360) == "email_roi"
    assert runs.run("per_half", 361, [parted]) == "email_roi"  # that one went to the other half


def test_a5_09_what_an_older_release_recorded_counts_by_window_too() -> None:
    runs = Runs()
    for number in range(60):
        at = (NOON + timedelta(hours=number / 10)).isoformat()
        tags = {"decided_at": at, "action": "email_roi" if number == 0 else "do_nothing"}
        tags |= {"decision": f"dec_{number}"} | ({"person": "per_1"} if number == 0 else {})
        runs.table.put_new(Record("GROUP#grp_1", f"DECISION#{at}#dec_{number}", tags=tags))

    assert runs.run("per_1", 48) != "email_roi"
    assert runs.run("per_2", 49) == "email_roi"
    assert runs.run("per_1", 50) != "email_roi"
    assert runs.run("per_new", 51, once("per_1")) != "email_roi"
    assert runs.run("per_1", 337) == "email_roi"


def test_a5_09_caps_count_what_was_done_under_former_ids() -> None:
    runs = Runs(without_holdout())

    first = runs.run("per_old", 0)
    made = placed([PersonFacts(person_id="per_new", facts=OWN, former=once("per_old"))], GROUP)
    held = Ledger(runs.table).held(permit(made, runs.bundle), _windows())

    assert first.startswith("email")
    assert held.past.used["per_new#email#24h"] == held.past.used["per_new#any#168h"] == 1
    assert "per_old#email#24h" not in held.past.used


def _windows() -> Any:
    from functions.decisioning.keeper import RepWindows  # noqa: PLC0415  of one test

    return RepWindows()


def test_a5_09_a_replay_needs_no_history() -> None:
    from functions.decisioning.replay import differences, replay  # noqa: PLC0415  of one test

    runs = Runs(without_holdout())
    runs.run("per_old", 0)
    runs.run("per_new", 200, once("per_old"))

    for record in runs.table.scan():
        if record.sk == "DECISION":
            kept = Decision.parse(record.body)
            assert differences(record.body, replay(kept, runs.bundle)) == ()


_IDS = [f"per_{n}" for n in range(3)]


@modest(60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(_IDS), st.sampled_from(["grp_a", "grp_b"]), st.integers(0, 400),
        ),
        min_size=2, max_size=12,
    )
)  # fmt: skip
def test_a5_09_whatever_id_and_group_never_twice_within_the_rules_window(
    steps: list[tuple[str, str, int]],
) -> None:
    """All three ids are one person from the start: each run knows the two others as former ids."""
    runs, sent, at = Runs(), list[int](), 0
    for person, group, hours in steps:
        at += hours
        others = once(*(i for i in _IDS if i != person))
        if runs.run(person, at, others, group_id=group) == "email_roi":
            sent.append(at)

    assert all(b - a >= 336 for a, b in pairwise(sent))
    assert sent[0] == steps[0][2]


@pytest.mark.parametrize("times", [1, 60])
def test_a5_09_what_is_read_for_somebody_does_not_grow_with_what_was_decided(times: int) -> None:
    runs = Runs()
    for number in range(times):
        runs.run("per_1", number * 24)

    history = ContactHistory.read(runs.table, _event(runs), ())

    assert len(history.lately["per_1"].last) <= 3
    assert history.older == {} or times == 1


def _event(runs: Runs) -> Any:
    made = placed([PersonFacts(person_id="per_1", facts=OWN)], GROUP)
    at = NOON + timedelta(days=150)
    return permit(made.model_copy(update={"occurred_at": at}), runs.bundle)
