"""Rehearsal makes a challenger's decisions again by the challenger's settings, as each alone."""

import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.simulation.columns.archive import Part
from functions.simulation.columns.decide import decide_many
from functions.simulation.columns.line import Recorded
from functions.simulation.columns.pack import Packer
from functions.simulation.columns.settings import select_rows, split_by_settings
from functions.simulation.impact.compare import compare_part
from lab.programme.run import Programme
from mos.model.decision import Decision
from mos.policy.bundle.bundle import Bundle
from tests.builders import starter
from tests.property.test_many import one_by_one
from tests.property.worlds import modest

PAGE = """why = "Do we wait too rarely?"
owner = "growth"
[[challenger]]
name = "patient"
why = "A business case takes weeks to write."
percent = PERCENT
[challenger.parameters]
wait_discount = 0.9
wait_half_life_hours = 720
learning_levels = ["account.icp_tier"]
[[challenger]]
name = "curious"
why = "Do we try too little?"
percent = 30
[challenger.parameters]
exploration_gamma = 5
"""


def challenged(percent: int) -> Bundle:
    page = PAGE.replace("PERCENT", str(percent))
    return Bundle(starter().files | {"challenges/patience.toml": page.encode()})


@cache
def recorded() -> tuple[Decision, ...]:
    programme = Programme(challenged(30), seed=13, houses=90, days=25)
    programme.run()
    return tuple(programme.decisions())


@cache
def part() -> Part:
    packer = Packer()
    for decision in recorded():
        packer.add(Recorded(json.loads(decision.canonical()), 0.0))
    return packer.part()


@pytest.mark.slow
@modest(5)
@given(st.integers(1, 50))
def test_each_account_is_decided_on_by_its_own_settings(percent: int) -> None:
    bundle = challenged(percent)
    records = {record.decision_id: record for record in recorded()}
    made = set()

    for some, (view,) in split_by_settings(part(), bundle):
        found = decide_many(some, view, challenged(30))
        for place in range(some.count):
            record = records[str(some.ids.fact(place))]
            one = one_by_one(record, bundle)
            said = found.names[found.choice[place]]
            assert said == (one.action, one.treatment)
            assert found.drawn.probability[place] == pytest.approx(one.probability, abs=1e-9)
            made.add(record.decision_id)

    assert made == set(records)


@pytest.mark.slow
def test_the_baseline_makes_every_decision_again_and_another_share_changes_some() -> None:
    arms = {one.arm for record in recorded() for one in record.challenges}

    alike = compare_part(part(), challenged(30), challenged(30))
    narrower = compare_part(part(), challenged(1), challenged(30))

    assert arms == {"champion", "patient", "curious"}
    assert (alike.compared, sum(alike.changes.values())) == (len(recorded()), 0)
    assert narrower.compared == len(recorded())
    assert sum(narrower.changes.values()) > 0


@pytest.mark.slow
@modest(3)
@given(st.integers(2, 5))
def test_pieces_of_a_part_say_what_the_part_says(pieces: int) -> None:
    whole = part()
    every = [select_rows(whole, whole.accounts.coded % pieces == n) for n in range(pieces)]

    assert sum(piece.count for piece in every) == whole.count
    assert sum(len(piece.of) for piece in every) == len(whole.of)
    for piece in every:
        assert compare_part(piece, challenged(30), challenged(30)).compared == piece.count
