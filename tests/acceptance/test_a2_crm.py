"""A.2.15: where the CRM and the model differ, a declared precedence holds and both are kept."""

import pytest

from mos.events import StageConflicted
from mos.model.profile import Trait
from tests.acceptance.theatre import Theatre, facts_of, hot, later, person
from tests.builders import NOON, changed

pytestmark = pytest.mark.usefixtures("ground")


def mql() -> Theatre:
    theatre = Theatre(employees=900)
    hot(theatre)
    return theatre


def company_says(theatre: Theatre, word: str) -> None:
    said = {"lifecycle_stage": Trait(value=word, at=NOON, signal_id="sig_crm_company")}
    theatre.account = theatre.account.model_copy(update={"traits": theatre.account.traits | said})


def test_a2_15_the_crm_says_customer_the_model_says_engaged() -> None:
    theatre = mql()
    company_says(theatre, "customer")

    said = theatre.run()

    conflict = said.account.conflict
    assert conflict is not None
    assert (conflict.crm, conflict.model, conflict.winner) == ("customer", "engaged", "crm")
    assert (said.account.stage, said.account.receipt.table) == ("customer", "lifecycle/crm")
    assert said.group_facts["account.conflict"] is True
    [raised] = theatre.noted(StageConflicted)
    assert (raised.subject_id, raised.conflict.signal_id) == ("acc_1", "sig_crm_company")


def test_a2_15_both_stay_until_they_agree_and_the_conflict_is_raised_once() -> None:
    theatre = mql()
    company_says(theatre, "Customer")
    theatre.run()

    again = theatre.run(later(days=1)).account

    assert again.conflict is not None
    assert (again.stage, again.conflict.model) == ("customer", "engaged")
    assert len(theatre.noted(StageConflicted)) == 1


def test_a2_15_sales_word_on_a_person_wins_when_it_is_ahead() -> None:
    theatre = mql()
    theatre.run()
    theatre.says("per_jane", later(hours=1), lifecycle_stage="salesqualifiedlead")

    said = theatre.run(later(hours=1))

    jane = person(said, "per_jane")
    assert jane.conflict is not None
    assert (jane.stage, jane.conflict.model) == ("sql", "mql")
    assert facts_of(said, "per_jane")["person.conflict"] is True


def test_a2_15_a_crm_that_lags_behind_is_no_conflict() -> None:
    theatre = mql()
    theatre.says("per_jane", lifecycle_stage="lead")

    said = theatre.run()

    assert person(said, "per_jane").stage == "mql"
    assert person(said, "per_jane").conflict is None
    assert theatre.noted(StageConflicted) == []


def test_a2_15_a_label_without_a_deal_is_a_conflict_that_the_model_wins() -> None:
    theatre = mql()
    company_says(theatre, "opportunity")

    account = theatre.run().account

    assert account.conflict is not None
    assert (account.stage, account.conflict.winner, account.conflict.row) == (
        "engaged", "model", "deals_tell",
    )  # fmt: skip


@pytest.mark.parametrize("winner", ["crm", "model"])
def test_a2_15_the_precedence_is_a_row_of_the_bundle(winner: str) -> None:
    from tests.builders import starter  # noqa: PLC0415  this test alone

    text = starter().text("tables/lifecycle/crm.toml").replace(
        'then = { winner = "crm", conflict = true }\nwhy = "A contract',
        f'then = {{ winner = "{winner}", conflict = true }}\nwhy = "A contract',
    )  # fmt: skip
    theatre = Theatre(changed(tables__lifecycle__crm=text), employees=900)
    hot(theatre)
    company_says(theatre, "customer")

    account = theatre.run().account

    assert account.stage == ("customer" if winner == "crm" else "engaged")
    assert account.conflict is not None
