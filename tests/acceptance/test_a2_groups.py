"""A.2.5–A.2.8, A.2.10, A.2.11: who buys together, who is missing, who came late."""

import pytest

from functions.decisioning.decide import Known, decide
from functions.policy.permit import permit
from mos.events import SubjectPlaced
from mos.model.consent import Purpose
from mos.model.deal import DealState
from mos.model.decision import Decision
from mos.model.past import Past
from tests.acceptance.theatre import Theatre, facts_of, hot, later, person
from tests.builders import NOON
from tests.property.worlds import policy

pytestmark = pytest.mark.usefixtures("ground")


def decided(said: SubjectPlaced) -> Decision:
    return decide(permit(said, policy()), Known(Past(), ()), policy())


def test_a2_05_a_group_exists_before_any_opportunity() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)

    said = theatre.run()

    assert said.group.stage == "prioritized"
    assert "group.open_deals" not in said.group_facts


def test_a2_05_after_the_deal_opens_the_crms_contact_roles_confirm_members() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)
    theatre.join("per_raj", title="Engineer")
    theatre.deal(DealState.OPEN, later(hours=1))
    theatre.states(
        "per_raj", "role_confirmed", later(hours=2), by="hubspot userId:7", role="economic_buyer"
    )

    said = theatre.run(later(hours=3))

    raj = facts_of(said, "per_raj")
    assert (raj["person.member_status"], raj["person.role"]) == ("confirmed", "economic_buyer")
    assert said.group_facts["group.confirmed_members"] == 1
    assert said.group.stage == "pipeline"


def test_a2_06_completeness_is_the_share_of_required_roles_that_are_filled() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)
    one = theatre.run()
    theatre.join("per_raj", title="Software engineer")

    two = theatre.run(later(hours=1))

    assert one.group_facts["group.completeness"] == pytest.approx(33.333)
    assert one.group_facts["group.missing_roles"] == ("champion", "technical_evaluator")
    assert two.group_facts["group.completeness"] == pytest.approx(66.667)
    assert two.group_facts["group.missing_roles"] == ("champion",)


def test_a2_06_each_solution_may_have_a_template_of_its_own() -> None:
    page = "tables/roles/template.toml"
    text = policy().text(page) + (
        '[[row]]\nid = "it_only"\nwhen = { "group.solution" = "analytics" }\n'
        'then = { role = "economic_buyer", required = false, weight = 1.0 }\nwhy = "Small money."\n'
    )
    bundle = type(policy())(policy().files | {page: text.encode()})
    theatre = Theatre(bundle, employees=900)
    hot(theatre)
    theatre.join("per_jane", "analytics")

    platform, analytics = theatre.run(), theatre.run(later(hours=1), "analytics")

    assert "economic_buyer" not in platform.group_facts["group.missing_roles"]
    assert platform.group_facts["group.completeness"] == pytest.approx(33.333)
    assert analytics.group_facts["group.completeness"] == 0


def test_a2_07_members_are_potential_until_somebody_confirms_or_dismisses_them() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)
    theatre.join("per_bo", title="Engineer")
    theatre.does("per_bo", "page", points=50)
    before = theatre.run()
    theatre.states("per_bo", "member_dismissed", later(days=1), by="ae-marsh")
    theatre.states("per_jane", "member_confirmed", later(days=1), by="ae-marsh")

    after = theatre.run(later(days=1))

    assert facts_of(before, "per_bo")["person.member_status"] == "potential"
    assert facts_of(after, "per_jane")["person.member_status"] == "confirmed"
    out = person(after, "per_bo")
    assert (out.stage, out.reason) == ("disqualified", "dismissed_from_the_group")
    assert out.receipt.signal_ids == ("sig_member_dismissed_per_bo",)
    assert [p.person_id for p in after.person_facts] == ["per_jane"]
    assert after.group_facts["group.members"] == 1
    assert after.group_facts["group.engagement"] < before.group_facts["group.engagement"]


def test_a2_07_a_dismissal_can_be_taken_back() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)
    theatre.states("per_jane", "member_dismissed", later(days=1))
    theatre.run(later(days=1))
    theatre.states("per_jane", "member_confirmed", later(days=3))

    back = person(theatre.run(later(days=3)), "per_jane")

    assert (back.previous, back.reason) == ("disqualified", "no_longer_barred")


def test_a2_08_engagement_weighs_each_action_and_each_role_and_ends_at_100() -> None:
    found = {}
    for title in ("VP Finance", "Office assistant"):
        theatre = Theatre(employees=900)
        theatre.join("per_jane", title=title)
        theatre.does("per_jane", "page", points=20)
        found[title] = theatre.run().group_facts["group.engagement"]
    theatre.does("per_jane", "page", points=1e6)

    assert found == {"VP Finance": 50, "Office assistant": pytest.approx(28.571)}
    assert 99 < theatre.run(later(minutes=2)).group_facts["group.engagement"] <= 100


def champion_only() -> Theatre:
    """A group at work that has a champion and nobody who can sign."""
    theatre = Theatre(employees=120, industry="fintech")
    theatre.join("per_dan", title="Head of Operations")
    theatre.does("per_dan", "lead_submitted", points=14)
    theatre.agrees("per_dan", Purpose.PHONE_SALES)
    assert theatre.run().group.stage == "engaged"
    return theatre


def test_a2_10_a_missing_role_is_a_gap_that_grows_by_the_day() -> None:
    theatre = champion_only()

    said = theatre.run(later(days=3))

    assert said.group_facts["group.days_without.economic_buyer"] == 3
    assert said.group_facts["group.missing_role_days"] == 3
    assert said.group.gaps["economic_buyer"] == NOON


def test_a2_10_after_14_days_the_gap_yields_a_candidate_of_its_own() -> None:
    theatre = champion_only()

    fallen = decided(theatre.run(later(days=3)))
    [fell] = [c.fell for c in fallen.candidates if c.action == "find_economic_buyer"]
    theatre.wake(later(days=14, minutes=1))
    alive = decided(theatre.run(later(days=14, minutes=2)))

    assert fell is not None
    assert fell.row == "the_buyer_may_yet_turn_up"
    [candidate] = [c for c in alive.candidates if c.action == "find_economic_buyer"]
    assert candidate.fell is None
    assert "buyer_missing_for_long" in str(candidate.factors)


def test_a2_10_the_gap_closes_when_the_role_is_filled() -> None:
    theatre = champion_only()
    theatre.run(later(days=3))
    theatre.join("per_cfo", title="CFO", at=later(days=4))

    said = theatre.run(later(days=4))

    assert "group.days_without.economic_buyer" not in said.group_facts
    assert "economic_buyer" not in said.group.gaps


def test_a2_11_a_form_in_a_pipeline_is_a_late_joiner_for_the_owner_and_no_new_mql() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)
    theatre.deal(DealState.OPEN, later(days=1))
    theatre.run(later(days=1))
    theatre.join("per_late", at=later(days=8), title="Software engineer")
    theatre.does("per_late", "lead_submitted", later(days=8))

    said = theatre.run(later(days=8), who="per_late")
    route = permit(said, policy()).route
    choice = decided(said)

    facts = facts_of(said, "per_late")
    late = person(said, "per_late")
    assert facts["person.late_joiner"] is True
    assert facts_of(said, "per_jane")["person.late_joiner"] is False
    assert (late.stage, late.receipt.row) == ("opportunity", "late_joiner")
    assert (route.to, route.row) == ("ae", "late_joiner")
    nurture = [c for c in choice.candidates if c.person_id == "per_late" and "email" in c.action]
    assert nurture
    assert all(c.fell for c in nurture)
