"""Rows A.4.1 and 13: why not, what if, and the smallest change of facts that turns it."""

from dataclasses import replace

import pytest

from functions.simulation.replay.assumption import parse_facts
from functions.simulation.replay.counterfactual import Counterfactual, decide_otherwise
from functions.simulation.replay.exact import complete_inputs
from functions.simulation.replay.lever import find_action_flips, find_route_flips
from functions.simulation.replay.what_if import WhatIf
from functions.simulation.replay.why_not import explain_why_not
from mos.errors import MalformedError, MissingError
from mos.memory.table import FakeTable
from mos.model.action import Gate
from mos.policy.bundle.bundle import Bundle
from mos.policy.fact_values import say_dollars
from tests.acceptance.conftest import Start
from tests.acceptance.recorded import BO, JANE, bo, played, record
from tests.builders import starter
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System


def supposing(system: System, subject: str) -> WhatIf:
    made = record(system, subject=subject)
    return WhatIf(complete_inputs(made), made.bundle, made.person_id)


def what_if(system: System, subject: str, *facts: str) -> Counterfactual:
    made = record(system, subject=subject)
    return decide_otherwise(made, parse_facts(facts, made.bundle))


@pytest.mark.slow
def test_a4_01_each_treatment_names_the_gate_the_row_its_condition_and_the_facts(
    start: Start,
) -> None:
    found = explain_why_not(record(played(start), subject=JANE), "bdr_call")

    [told] = found.data["treatments"]
    assert told["fell"]["gate"] == Gate.APPLICABILITY
    assert told["fell"]["row"] == "bdr_not_routed"
    assert told["condition"] == {"action.name": "bdr_call", "route.to": "not bdr"}
    assert told["fell"]["facts"]["route.to"] == "ae"
    assert "[gates/applicability#bdr_not_routed: action.name is bdr_call" in found.lines[1]
    assert "found action.name = bdr_call, route.to = ae]" in found.lines[1]


@pytest.mark.slow
def test_a4_01_every_action_of_the_catalogue_is_accounted_for() -> None:
    made = record(played(System), subject=JANE)

    for action in made.bundle.actions:
        found = explain_why_not(made, action, most=0)
        assert len(found.candidates) == len(made.bundle.actions[action].treatments) or (
            action == "wait_until" and "no candidate" in found.lines[1]
        )
        assert all(c.fell or c.priority is not None for c in found.candidates)
        assert all("[" in line for line in found.lines if "fell at" in line or "passed" in line)


def test_a4_01_what_passed_every_gate_lost_by_its_priority_with_every_factor() -> None:
    found = explain_why_not(record(played(System), subject=JANE), "email_roi")

    plain, chosen = found.candidates[0], found.chosen
    factors = {f.name: f.value for f in plain.factors}
    chance = factors["propensity"] * factors["treatment"]
    net = chance * factors["context"] * factors["value"] - factors["cost"]
    assert plain.priority == pytest.approx(net * factors["lever"])
    assert "context 1.6 (arbitration/context#pricing_reader)" in found.lines[1]
    short = say_dollars(chosen.priority - plain.priority)  # type: ignore[operator]
    assert f"short of what was chosen by {short}" in found.lines[1]


def test_a4_01_what_was_chosen_is_told_as_such_and_nobody_knows_others() -> None:
    made = record(played(System), subject=JANE)

    assert (
        explain_why_not(made, "ae_handoff")
        .lines[0]
        .startswith("Chosen: ae_handoff for Jane Doe [dec_")
    )
    with pytest.raises(MissingError, match="the catalogue has ae_handoff"):
        explain_why_not(made, "fax")
    with pytest.raises(MissingError, match="joined the group later"):
        explain_why_not(replace(made, person_id="per_late"), "email_roi")


def test_a4_01_an_account_in_the_control_group_is_told_so() -> None:
    path = "parameters/decisioning.toml"
    text = starter().text(path).replace("value = 5\n", "value = 100\n")
    system = System(Bundle(starter().files | {path: text.encode()}))
    system.play(*browsing(4), jane())

    found = explain_why_not(record(system, subject=JANE), "ae_handoff")

    assert found.flips is None
    assert found.lines[-1].startswith("No fact turns this: held_out")


def test_a4_13_no_change_is_the_same_decision_to_the_bit(start: Start) -> None:
    system = played(start)
    made = record(system, subject=JANE)

    assert supposing(system, JANE).decide({}).canonical() == made.body


def test_a4_13_what_if_follows_a_fact_to_fit_segment_route_and_choice(start: Start) -> None:
    system = played(start)
    stored = {n: t.scan() for n, t in system.tables.items() if isinstance(t, FakeTable)}

    found = what_if(system, JANE, "account.employees=150", "group.roles=champion")

    assert found.followed["account.segment"] == ("mid_market", "small")
    assert (found.before.route.to, found.after.route.to) == ("ae", "bdr")
    assert (found.before.action, found.after.action) == ("ae_handoff", "bdr_call")
    assert "  if account.employees were 150, and not 900" in found.lines
    assert any("Not worked out again: stages" in line for line in found.lines)
    assert all(system.tables[n].scan() == rows for n, rows in stored.items())


def test_a4_13_what_policy_would_work_out_itself_can_be_supposed() -> None:
    system = played(System)

    routed = what_if(system, JANE, "route.to=bdr")
    weak = what_if(system, JANE, "account.icp_score=10")

    assert (routed.after.action, routed.after.route.row) == ("bdr_call", "supposed")
    assert weak.after.group_facts["account.icp_tier"] == "weak"
    assert weak.after.route.to == "marketing"


def test_a4_13_a_change_of_consent_is_asked_again_for_this_person() -> None:
    found = what_if(played(System), JANE, "group.stage=engaged", "person.consents=phone_sales")

    assert found.after.action not in {"email_roi", "email_welcome", "email_case_study"}
    fell = {c.fell.row for c in found.after.candidates if c.fell and c.action == "email_roi"}
    assert fell == {"no_consent"}


@pytest.mark.parametrize(
    ("fact", "says"),
    [("account.employes=9", "did you mean account.employees"), ("account.employees=many", "number"),
     ("account.named=perhaps", "true or false"), ("account.employees=nan", "number"),
     ("account.employees", "expected fact=value"), ("person.shoe_size=43", "no table asks")],
)  # fmt: skip
def test_a4_13_a_fact_that_no_table_knows_is_refused(fact: str, says: str) -> None:
    with pytest.raises(MalformedError, match=says):
        parse_facts([fact], starter())


@pytest.mark.parametrize(
    ("fact", "says"),
    [("group.stage=banana", "'banana' is none of .*engaged.*qualified"),
     ("group.stage=qualifed", "did you mean qualified"), ("account.stage=sql", "is none of"),
     ("group.roles=champion,wizard", "'wizard' is none of"), ("route.to=nobody", "is none of .*ae"),
     ("account.employees=-5", "less than nothing, found -5"), ("rep.open.ann=-1", "less than"),
     ("person.local_hour=99", "0 or more and less than 24, found 99"),
     ("person.local_hour=-1", "0 or more"), ("run.hour=24", "less than 24"),
     ("run.date=20261332", "expected a day")],
)  # fmt: skip
def test_a4_13_a_value_that_a_fact_cannot_have_is_refused(fact: str, says: str) -> None:
    with pytest.raises(MalformedError, match=says):
        parse_facts([fact], starter())


def test_a4_13_a_value_that_a_fact_can_have_is_taken() -> None:
    facts = ["group.stage=closed_won", "account.stage=churned", "person.stage=sql",
             "person.local_hour=23.5", "account.employees=0", "group.engagement=-3",
             "group.roles=champion", "account.industry=banana",
             "account.icp_tier=strong", "group.solution=platform"]  # fmt: skip

    assert len(parse_facts(facts, starter())) == len(facts)


def test_a4_13_the_smallest_flip_of_the_route_is_every_value_that_flips_it(start: Start) -> None:
    system = played(start)
    system.play(*bo())
    bo_s = supposing(system, BO)

    flips = find_route_flips(bo_s)
    [ready] = flips["ae"].found[:1]

    assert flips["ae"].said == "account.named is true or account.stage in {customer, opportunity}"
    assert flips["bdr"].said == "group.stage is qualified"
    assert bo_s.route_to(ready.facts) == "ae"
    assert all(f.is_whole for f in flips.values())


def test_a4_13_a_threshold_that_turns_the_route_is_exact() -> None:
    system = played(System)
    system.play(*bo())
    asked = supposing(system, BO)
    at_work = WhatIf(asked.decide({"group.stage": "prioritized"}), asked.bundle, asked.person_id)
    strong = at_work.decide({"account.industry": "fintech"})
    near = WhatIf(strong, asked.bundle, asked.person_id)

    flips = find_route_flips(near)["ae"]

    assert near.decision.route.to == "bdr"
    assert "account.employees ≥ 200 or " in flips.said
    assert "group.roles has economic_buyer" in flips.said
    turned_at = {n for n in range(6000) if near.route_to({"account.employees": n}) == "ae"}
    assert turned_at == set(range(200, 6000))


@pytest.mark.slow
def test_a4_13_where_one_fact_is_not_enough_two_are_tried() -> None:
    system = played(System)
    asked = supposing(system, JANE)

    flips = find_action_flips("bdr_call", asked)

    assert flips.size == 2
    assert "(account.employees ≤ 199 and group.roles lacks economic_buyer)" in flips.said
    assert all(asked.wins("bdr_call", flip.facts) for flip in flips.found)
    for flip in flips.found:
        assert not any(asked.wins("bdr_call", {n: v}) for n, v in flip.facts.items())


@pytest.mark.slow
def test_a4_13_a_search_that_stopped_early_says_so() -> None:
    flips = find_action_flips("email_welcome", supposing(played(System), JANE), most=500)

    assert flips.found == ()
    assert "no change of one or two facts does it (tried " in flips.said
