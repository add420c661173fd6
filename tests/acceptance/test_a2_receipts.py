"""A.2.13: every stage can say which row, which conditions, which values and which signals."""

import pytest

from functions.lifecycle.evidence import Evidence
from mos.model.account import Account
from mos.model.consent import Suppression
from mos.model.deal import DealState
from mos.model.profile import BuyingRole, Interest, Profile
from tests.acceptance.theatre import Theatre, hot, later, person
from tests.builders import NOON
from tests.property.worlds import policy

pytestmark = pytest.mark.usefixtures("ground")


def test_a2_13_a_receipt_has_values_thresholds_signals_and_the_bundle() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)

    said = theatre.run()

    group = said.group.receipt
    assert (group.table, group.row, group.bundle) == (
        "lifecycle/group", "prioritized", policy().digest,
    )  # fmt: skip
    assert group.conditions == {
        "account.stage": "engaged or mqa or opportunity or customer",
        "group.engagement": ">= 40",
        "group.known_members": ">= 1",
    }
    assert group.facts["group.engagement"] == 75
    assert set(group.signal_ids) == {
        f"sig_per_jane_{kind}_2026-11-02T12:00:00+00:00" for kind in ("page", "lead_submitted")
    }


def test_a2_13_a_deal_is_cited_by_its_own_signal_and_nothing_else() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)
    theatre.deal(DealState.WON)

    said = theatre.run()

    assert said.account.receipt.signal_ids == ("sig_deal_any_won",)
    assert said.account.receipt.conditions == {"account.won_deals": ">= 1"}
    assert said.group.receipt.signal_ids == ("sig_deal_any_won",)


def test_a2_13_a_trait_is_cited_by_the_signal_that_stated_it() -> None:
    theatre = Theatre(employees=900)
    theatre.join("per_jane")

    receipt = theatre.run().account.receipt

    assert (receipt.row, receipt.signal_ids) == ("qualified", ("sig_employees",))


def test_a2_13_a_stop_is_cited_by_the_signal_that_asked_for_it() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)
    theatre.run()
    stop = Suppression(channel="all", reason="erasure_requested", since=NOON, signal_id="sig_stop")
    theatre.people["per_jane"] = theatre.people["per_jane"].model_copy(
        update={"suppressions": (stop,)}
    )

    placed = person(theatre.run(later(hours=1)), "per_jane")

    assert (placed.stage, placed.reason) == ("disqualified", "asked_to_be_left_alone")
    assert placed.receipt.signal_ids == ("sig_stop",)


def test_a2_13_a_role_and_an_interest_are_cited_by_their_own_evidence() -> None:
    profile = Profile(
        profile_id="per_a",
        interests=(Interest(topic="security", score=2, at=NOON, signal_ids=("sig_read",)),),
    )
    role = BuyingRole(role="champion", confidence=1, evidence=("sig_title", "roles/title#a"))
    evidence = Evidence(Account(account_id="acc_1"), "platform", (profile,), {"per_a": role})

    assert evidence.behind(["group.missing_roles"]) == ("sig_title",)
    assert evidence.behind(["person.top_interest", "group.stage"]) == ("sig_read",)


def test_a2_13_the_rows_that_were_almost_met_are_named_with_what_they_want() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)

    near = theatre.run().account.receipt.almost[0]

    assert (near.row, near.stage, near.column) == ("mqa", "mqa", "account.known_people")
    assert (near.wants, near.found) == (">= 2", 1)


def test_a2_13_unknown_facts_that_could_change_the_answer_are_named() -> None:
    theatre = Theatre()
    hot(theatre)

    receipt = theatre.run().account.receipt

    assert receipt.row == "engaged"
    assert "account.open_deals" in receipt.hinges_on


def test_a2_13_a_receipt_is_bounded_however_much_somebody_did() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)
    for minute in range(300):
        theatre.does("per_jane", "page", later(minutes=minute))

    said = theatre.run(later(hours=6))

    assert len(person(said, "per_jane").receipt.signal_ids) <= 20
    assert len(said.canonical()) < 12_000


def test_a2_13_what_steps_pass_on_stays_small_for_a_full_group() -> None:
    theatre = Theatre(employees=900)
    for number in range(30):
        hot(theatre, f"per_{number:02}")

    said = theatre.run()

    assert len(said.people) == 25
    assert len(said.canonical()) < 150_000  # Step Functions takes 262,144 bytes
