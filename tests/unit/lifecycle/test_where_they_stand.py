"""Account, then group, then person; never backwards."""

from functions.lifecycle.place import place
from functions.lifecycle.scene import Scene
from mos.model.account import Account, BuyingGroup, Member
from mos.model.deal import Deal, DealState
from mos.model.profile import Profile, Trait
from mos.model.stage import Placement
from tests.builders import NOON, edge
from tests.property.worlds import policy

JANE = Profile(
    profile_id="per_1", identifiers=(edge("email:jane@acme.example"),),
    engagement=70.0, engagement_at=NOON, counts={"lead_submitted": 1}, evidence=("sig_1",),
)  # fmt: skip


def account(**traits: float) -> Account:
    deals = tuple(
        Deal(deal_id=state.value, state=state, stage=state.value, at=NOON, signal_id="sig_1")
        for state in (DealState.OPEN, DealState.WON) if traits.pop(f"{state.value}_deals", 0)
    )  # fmt: skip
    held = {n: Trait(value=v, at=NOON, signal_id="sig_1") for n, v in traits.items()}
    return Account(account_id="acc_1", domain="acme.example", traits=held, deals=deals)


def placed(company: Account, *people: Profile, before: tuple[Placement, ...] = ()):
    members = tuple(Member(profile_id=p.profile_id, since=NOON, signal_id="sig_1") for p in people)
    group = BuyingGroup(group_id="grp_1", account_id="acc_1", solution="platform", members=members)
    return place(Scene(company, group, people, NOON), {p.key: p for p in before}, policy())


def test_the_person_reads_the_group_and_the_group_reads_the_account() -> None:
    result = placed(account(employees=900), JANE)

    [person] = result.people
    assert (result.account.stage, result.group.stage) == ("engaged", "prioritized")
    assert result.group.receipt.facts["account.stage"] == "engaged"
    assert person.stage == "mql"
    assert person.receipt.facts["group.stage"] == "prioritized"


def test_a_late_joiner_in_a_pipeline_is_opportunity_and_not_mql() -> None:
    late = JANE.model_copy(update={"profile_id": "per_2", "engagement": 20.0})

    result = placed(account(open_deals=1), late)

    assert [p.stage for p in result.people] == ["opportunity"]


def test_nobody_moves_backwards() -> None:
    before = placed(account(won_deals=1), JANE)

    after = placed(account(), JANE, before=(before.account, before.group, *before.people))

    assert after.account.stage == "customer"
    assert after.people[0].stage == "customer"
    assert not after.account.moved


def test_a_move_names_its_row_its_facts_and_its_signals() -> None:
    receipt = placed(account(employees=900), JANE).account.receipt

    assert (receipt.table, receipt.row) == ("lifecycle/account", "engaged")
    assert receipt.facts["account.engagement"] == 70.0
    assert receipt.signal_ids == ("sig_1",)
    assert receipt.bundle == policy().digest


def test_a_group_whose_people_have_all_gone_still_stands_somewhere() -> None:
    result = placed(account(employees=900))

    assert (result.account.stage, result.group.stage) == ("qualified", "forming")
    assert result.people == ()
    assert result.group_facts["group.momentum"] == "unknown"
    assert result.group_facts["group.completeness"] == 0
