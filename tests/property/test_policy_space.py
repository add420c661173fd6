"""What is worked out over boxes holds case by case; the peer engine answers as ours does."""

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mos.policy.analysis.defect import Kind, analyse
from mos.policy.analysis.mutate import moved_rows
from mos.policy.analysis.proof import allows_no_more
from mos.policy.jdm.dump import model_of
from mos.policy.jdm.load import page_of
from mos.policy.table.engine import CompiledTable
from mos.policy.table.page import parse_table
from mos.policy.table.table import DecisionTable, Hit
from tests.property.test_tables import tables
from tests.property.worlds import modest

NUMBERS = [None, *(n / 2 for n in range(-9, 10))]
SETS = [None, *([w for w, keep in zip("abc", kept, strict=True) if keep]
                for kept in product((True, False), repeat=3))]  # fmt: skip
CASES = [
    {name: value for name, value in zip("ntbs", values, strict=True) if value is not None}
    for values in product(NUMBERS, (None, "a", "b", "c", "z"), (None, True, False), SETS)
]


def one_row_decides(table: DecisionTable) -> bool:
    return table.hit is not Hit.ALL


@pytest.mark.slow
@modest(40)
@given(tables().filter(one_row_decides), tables().filter(one_row_decides))
def test_a_proof_says_what_every_case_says(old: DecisionTable, new: DecisionTable) -> None:
    before, after = CompiledTable(old), CompiledTable(new)

    proof = allows_no_more(old, new)

    more = [
        case for case in CASES
        if after.evaluate(case).output["allow"] and not before.evaluate(case).output["allow"]
    ]  # fmt: skip
    assert proof.holds is not bool(more)
    if proof.lead is not None:
        assert after.evaluate(proof.lead).output["allow"]
        assert not before.evaluate(proof.lead).output["allow"]


@pytest.mark.slow
@modest(60)
@given(tables().filter(lambda t: t.hit is Hit.FIRST))
def test_a_row_is_called_dead_when_no_case_reaches_it_and_only_then(table: DecisionTable) -> None:
    compiled = CompiledTable(table)
    reached = {compiled.evaluate(case).row_id for case in CASES}

    dead = {f.rows[0] for f in analyse(table) if f.kind is Kind.UNREACHABLE}

    assert dead == {row.id for row in table.rows} - reached


@modest(60)
@given(tables())
def test_a_lead_shown_for_an_overlap_is_one(table: DecisionTable) -> None:
    for found in analyse(table):
        if found.lead is not None and len(found.rows) == 2:
            shown = {"n": None, "t": None} | found.lead
            assert found.kind in (Kind.OVERLAP, Kind.OVERRIDDEN)
            assert set(found.lead) <= set(table.columns), shown


@modest(40)
@given(tables().filter(lambda t: t.hit is Hit.FIRST))
def test_a_moved_threshold_moves_one_row_only(table: DecisionTable) -> None:
    for row in table.rows:
        for column, _, _, moved in moved_rows(row):
            assert moved.id == row.id
            assert {c: k for c, k in moved.when.items() if c != column} == {
                c: k for c, k in row.when.items() if c != column
            }


@pytest.mark.slow
@modest(60)
@given(tables().filter(lambda t: t.hit is Hit.FIRST))
def test_a_table_comes_back_from_a_decision_model_as_it_was(table: DecisionTable) -> None:
    text = json.dumps(model_of(table))

    page = page_of(text)
    back = parse_table(table.name, table.file, page)

    assert [(r.id, r.when, r.then) for r in back.rows] == [
        (r.id, r.when, r.then) for r in table.rows
    ]
    assert (back.columns, back.default, back.hit) == (table.columns, table.default, table.hit)
    assert json.dumps(model_of(back, page["jdm"])) == text


@modest(40)
@given(tables().filter(lambda t: t.hit is Hit.FIRST), st.lists(st.sampled_from(CASES), max_size=20))
def test_the_peer_engine_answers_an_exported_table_as_ours_does(
    table: DecisionTable, cases: list[dict[str, Any]]
) -> None:
    import zen  # noqa: PLC0415  a development dependency

    content = zen.ZenDecisionContent(json.dumps(model_of(table)))
    engine = zen.ZenEngine({"loader": lambda _: content})
    compiled = CompiledTable(table)

    # The peer knows no unknown facts: a lead that lacks one is not the same question there.
    for case in [c for c in cases if len(c) == len(table.columns)]:
        theirs = engine.evaluate("t", case)["result"]
        assume(theirs is not None)
        assert theirs == dict(compiled.evaluate(case).output), case
