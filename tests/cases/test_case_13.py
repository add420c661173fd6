"""Case 13: a deal's stage is read however it is spelled, and what can't be read is unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mos.model.deal import Deal, DealState
from mos.policy.deals import read_deal_state
from tests.builders import NOON, changed, starter
from tests.cases.crm import deal, played, stage, states
from tests.cases.doors import say

WON = [
    "Closed Won", "closedwon", "Closed-Won", "Closed/Won", "Closed - Won", "Closed Won (Renewal)",
    "9. Closed Won", "CLOSED_WON", "closed won renewal", "Closed – Won", " closed  WON ",
    "ClosedWon", "7-Closed Won", "closed:won", "closed_won_2024", "Gewonnen", "Gagné", "Ganada",
    "Vinto", "won", "Geschlossen und gewonnen", "Abgeschlossen - gewonnen", "Cierre ganado",
    "Cerrada ganada", "Fermé gagné", "Chiuso vinto", "Fechado ganho",
]  # fmt: skip
LOST = [
    "Closed Lost",
    "closedlost",
    "Closed-Lost",
    "8-Closed Lost",
    "Verloren",
    "Perdu",
    "lost",
    "Geschlossen/verloren",
    "Cierre perdido",
    "Fermée perdue",
    "Chiuso perso",
    "Fechado perdido",
]
UNKNOWN = [
    "422982642", "Disqualified", "Won - signed", "Closed", "Closed by customer", "Closed Won't buy",
    "Closed - not won", "Closed Lost - won by a competitor", "Almost closed, won soon", "合同", "?",
    "Closed Won - pending signature", "Closed won (verbal)",
]  # fmt: skip
OPEN = ["Proposal/Price Quote", "appointmentscheduled", "Id. Decision Makers", "Negotiation/Review"]


def read(name: str, **said: object) -> str:
    made = Deal(deal_id="1", state=DealState.UNKNOWN, stage=name, at=NOON, signal_id="sig_1")
    return read_deal_state(made.model_copy(update=said), starter()).state.value


@pytest.mark.parametrize(
    ("name", "state"),
    [(name, state) for names, state in ((WON, "won"), (LOST, "lost"), (OPEN, "open"),
                                        (UNKNOWN, "unknown")) for name in names],
)  # fmt: skip
def test_case_13_a_stage_means_what_it_says(name: str, state: str) -> None:
    assert read(name) == state


@given(
    name=st.sampled_from(["Closed Won", "Closed Lost"]),
    between=st.sampled_from([" ", "-", "_", " - ", "/"]),
    number=st.integers(0, 99),
    is_loud=st.booleans(),
)
def test_case_13_spelling_changes_nothing(
    name: str, between: str, number: int, *, is_loud: bool
) -> None:
    spelled = f"{number}. {name.replace(' ', between)}"

    assert read(spelled.upper() if is_loud else spelled) == read(name)


@given(st.text(max_size=40))
def test_case_13_no_name_without_a_word_for_it_is_won_or_lost(name: str) -> None:
    words = ("won", "lost", "gewonn", "verlor", "perd", "gan", "vinc", "vint", "gagn", "pers")
    if not any(word in name.lower() for word in words) and name.isascii():
        assert read(name) in {"unknown", "open"}


def test_case_13_the_persons_company_is_a_customer_and_nobody_recycled() -> None:
    lead = say("lead.submitted", NOON, email="ada@acme.example", company={"domain": "acme.example"})

    system = played(lead, deal(1, deal_stage="Proposal"), deal(5, deal_stage="Closed-Won"))

    assert (states(system), stage(system)) == ({"D-1": "won"}, "customer")


def test_case_13_the_crms_own_flags_go_before_any_name() -> None:
    assert read("Fase 7", is_closed=True, is_won=True) == "won"
    assert read("Fase 7", is_closed=True, is_won=False) == "lost"
    assert read("Fase 7", is_closed=True, probability=100) == "won"
    assert read("Fase 7", is_closed=True, probability=0) == "lost"
    assert read("Fase 7", is_closed=False) == "open"
    assert read("Fase 7", probability=100) == "unknown"
    assert read("Renamed: happy customers", is_won=True) == "won"


def test_case_13_renewals_are_told_from_new_business_by_pipeline_and_type() -> None:
    assert read("Closed Won", pipeline="Renewals") == "renewed"
    assert read("Closed Lost", type="Renewal") == "churned"
    assert read("Proposal", pipeline="EMEA - Renewal") == "renewing"
    assert read("Closed Won", pipeline="New business") == "won"
    assert read("422982642", pipeline="Renewals") == "unknown"


def test_case_13_a_row_of_the_bundle_reads_the_stages_of_ones_own_pipeline() -> None:
    path = "tables/lifecycle/deal_state.toml"
    row = """
[[row]]
id = "our_renewals_won"
when = { "deal.pipeline" = "710688094", "deal.stage" = "1038553758" }
then = { state = "renewed" }
[[row]]
id = "our_own_word"
when = { "deal.stage" = "disqualified" }
then = { state = "lost" }
"""
    text = (
        starter()
        .text(path)
        .replace('[[row]]\nid = "crm_says_won"', row + '[[row]]\nid = "crm_says_won"', 1)
    )
    bundle = changed(tables__lifecycle__deal_state=text)
    made = Deal(deal_id="1", state=DealState.UNKNOWN, stage="1038553758", pipeline="710688094",
                at=NOON, signal_id="sig_1")  # fmt: skip

    assert read_deal_state(made, bundle).state is DealState.RENEWED
    assert (
        read_deal_state(made.model_copy(update={"pipeline": None}), bundle).state.value == "unknown"
    )
    named = made.model_copy(update={"stage": "Disqualified"})
    assert read_deal_state(named, bundle).state is DealState.LOST
