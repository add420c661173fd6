"""Many subjects at once are told what the engine tells each."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.simulation.columns.engine import Column, ask_many
from mos.policy.table.engine import CompiledTable
from mos.policy.table.page import parse_table
from tests.property.worlds import modest

PAGE = """
why = "A test."
hit = "{hit}"
[columns]
text = "text"
number = "number"
flag = "boolean"
words = "set"
[outputs]
allow = "boolean"
[default]
allow = true
[[row]]
id = "a"
when = {{ text = ["x", "y"], number = ">= 5" }}
then = {{ allow = false }}
why = "A."
[[row]]
id = "b"
when = {{ text = {{ not = ["x"] }}, flag = true }}
then = {{ allow = true }}
why = "B."
[[row]]
id = "c"
when = {{ number = "(1..5]", words = "w" }}
then = {{ allow = false }}
why = "C."
[[row]]
id = "d"
when = {{ number = {{ known = false }}, flag = false }}
then = {{ allow = true }}
why = "D."
"""
facts = st.fixed_dictionaries(
    {},
    optional={
        "text": st.sampled_from(["x", "y", "z", None]),
        "number": st.sampled_from([0, 1, 2.5, 5, 7, None]),
        "flag": st.sampled_from([True, False, None]),
        "words": st.sampled_from([(), ("w",), ("w", "v"), None]),
    },
)


@pytest.mark.slow
@modest(150)
@given(
    st.sampled_from(["first", "all", "deny-overrides"]), st.lists(facts, min_size=1, max_size=30)
)
def test_a_table_says_of_many_what_it_says_of_each(hit: str, given_: list[dict[str, Any]]) -> None:
    table = CompiledTable(parse_table("t", "t", tomllib.loads(PAGE.format(hit=hit))))
    names = ("text", "number", "flag", "words")
    columns = {name: Column.of([g.get(name) for g in given_]) for name in names}

    found = ask_many(table, columns, len(given_))

    assert [found.told[p] for p in found.places] == [table.evaluate(g) for g in given_]


@modest(60)
@given(facts, st.lists(facts, min_size=1, max_size=20))
def test_shared_facts_leave_the_answers_as_they_are(
    shared: dict[str, Any], given_: list[dict[str, Any]]
) -> None:
    table = CompiledTable(parse_table("t", "t", tomllib.loads(PAGE.format(hit="first"))))
    names = {"text", "number", "flag", "words"} - set(shared)
    columns = {name: Column.of([g.get(name) for g in given_]) for name in names}

    found = ask_many(table, columns, len(given_), shared)

    told = [table.evaluate({**g, **shared}) for g in given_]
    assert [found.told[p] for p in found.places] == told


def test_a_column_of_truths_is_not_one_of_numbers() -> None:
    assert Column.of([True, False]).numbers is None
    assert Column.of([1, 0]).numbers is not None
    assert [Column.of([True, 1, "1", None, ("a",)]).fact(i) for i in range(5)] == [
        True, 1, "1", None, ("a",),
    ]  # fmt: skip
