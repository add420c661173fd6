"""What never left gives its room back, once: the budget holds what was decided and still counts."""

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.action.unsent import tell_unsent
from functions.decisioning.give_back import give_back
from functions.decisioning.touches import Lately
from mos.aws.bundles import BundleStore
from mos.events import ActionDecided
from mos.memory.bucket import FakeBucket
from mos.memory.table import FakeTable
from mos.model.delivery import DeliveryStatus
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment
from tests.acceptance.test_a4_20_one_account import EARLY, MAIL_ONLY, decide, event
from tests.builders import NOON, without_holdout
from tests.property.worlds import modest

CAPS = {"person": 1, "group": 2, "account": 3}
GROUPS = {"grp_a": ("per_1", "per_2", "per_3"), "grp_b": ("per_3", "per_4")}
"""One person is in both groups; both are of one account."""
steps = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), st.sampled_from(sorted(GROUPS))),
        st.tuples(
            st.sampled_from([DeliveryStatus.SKIPPED, DeliveryStatus.REFUSED, DeliveryStatus.SENT,
                             DeliveryStatus.UNKNOWN]),
            st.integers(0, 9),
        ),
        st.tuples(st.just("decided again"), st.integers(0, 9)),
    ),
    min_size=3, max_size=24,
)  # fmt: skip


def capped() -> Bundle:
    """Return a bundle with one cap per scope, one mail alone, and no rule on repeats."""
    files = {
        path: body for path, body in without_holdout().files.items()
        if not path.startswith(("actions/", "constraints/")) or path.endswith(
            ("email_roi.toml", "do_nothing.toml", "wait_until.toml"))
    }  # fmt: skip
    page = files["tables/contact/limits.toml"].decode().partition("[[row]]")[0]
    for scope, most in CAPS.items():
        row = f'then = {{ scope = "{scope}", channel = "any", at_most = {most}, hours = 168 }}'
        page += f'[[row]]\nid = "{scope}_cap"\n{row}\nwhy = "Of this test."\n'
    return Bundle(files | {"tables/contact/limits.toml": page.encode()})


BUNDLE = capped()


@dataclass
class Budget:
    """One ledger, what was decided over it, and which of that came back."""

    table: FakeTable = field(default_factory=FakeTable)
    said: list[ActionDecided] = field(default_factory=list)
    back: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.store = BundleStore(FakeBucket())
        self.store.publish(BUNDLE)

    def decide(self, group: str, number: int) -> ActionDecided:
        at = number / 60
        made = event(BUNDLE, f"run_{number}", group, GROUPS[group], hours=at, facts=EARLY,
                     own=MAIL_ONLY)  # fmt: skip
        return decide(self.table, BUNDLE)(made)

    def end(self, one: ActionDecided, status: DeliveryStatus) -> None:
        """Have the action layer say how one ended."""
        for told in tell_unsent(one, status, "of this test"):
            give_back(told, Moment(NOON + timedelta(hours=5)), self.table, self.store.load)
            self.back.add(one.decision_id)

    def counting(self) -> list[ActionDecided]:
        return [s for s in self.said if s.action.touches and s.decision_id not in self.back]

    def count(self, subject: str) -> int:
        return len(Lately.read(self.table, subject).touches)


@modest(120)
@given(steps)
def test_the_budget_holds_what_was_decided_and_not_given_back_and_never_more_than_the_cap(
    moves: list[tuple[str, int | str]],
) -> None:
    budget = Budget()
    for number, (what, which) in enumerate(moves):
        if what == "decide":
            budget.said.append(budget.decide(str(which), number))
        elif not budget.said:
            continue
        elif what == "decided again":
            index = int(which) % len(budget.said)
            one = budget.said[index]
            run = int(one.run_id.removeprefix("run_"))
            assert budget.decide(one.group_id, run) == one
        else:
            budget.end(budget.said[int(which) % len(budget.said)], DeliveryStatus(what))

        live = budget.counting()
        for scope, subjects in {
            "person": [f"per_{n}" for n in range(1, 5)], "group": GROUPS, "account": ["acc_1"],
        }.items():  # fmt: skip
            for subject in subjects:
                counted = sum(getattr(one, f"{scope}_id") == subject for one in live)
                assert budget.count(subject) == counted <= CAPS[scope]


def test_with_the_room_back_the_next_one_gets_it() -> None:
    budget = Budget()
    first, second = (budget.decide("grp_b", n) for n in range(2))
    full = budget.decide("grp_b", 2)

    budget.end(first, DeliveryStatus.SKIPPED)
    again = budget.decide("grp_b", 3)

    assert [first.action.name, second.action.name] == ["email_roi"] * 2
    assert not full.action.touches
    assert (again.action.name, again.person_id) == ("email_roi", first.person_id)
