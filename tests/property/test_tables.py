"""The compiled index answers as the slow and obvious evaluation does."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mos.policy.table.condition import ColumnType, holds
from mos.policy.table.engine import Answer, CompiledTable
from mos.policy.table.page import parse_table
from mos.policy.table.table import DecisionTable, Hit
from tests.property.worlds import modest

WORDS = ("a", "b", "c")
COLUMNS = {"n": "number", "t": "text", "b": "boolean", "s": "set"}

numbers = st.integers(-3, 3)
number_cell = st.one_of(
    numbers,
    st.builds("{} {}".format, st.sampled_from([">", ">=", "<", "<=", "="]), numbers),
    st.tuples(numbers, numbers).map(lambda p: f"{min(p)}..{max(p)}"),
)
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2)
word_cell = st.one_of(st.sampled_from(WORDS), words, words.map(lambda w: {"not": w}))
known = st.booleans().map(lambda k: {"known": k})
cells = {
    "n": st.one_of(number_cell, st.lists(number_cell, min_size=1, max_size=3), known),
    "t": st.one_of(word_cell, known),
    "b": st.one_of(st.booleans(), known),
    "s": st.one_of(word_cell, known),
}
facts = st.fixed_dictionaries(
    {},
    optional={
        "n": st.one_of(numbers, st.floats(-4, 4, width=16)),
        "t": st.sampled_from((*WORDS, "z")),
        "b": st.booleans(),
        "s": st.lists(st.sampled_from((*WORDS, "z")), max_size=3).map(tuple),
    },
)


@st.composite
def tables(draw: st.DrawFn) -> DecisionTable:
    rows = [
        {
            "when": draw(st.fixed_dictionaries({}, optional=cells)),
            "then": {"allow": draw(st.booleans())},
        }
        for _ in range(draw(st.integers(0, 6)))
    ]
    return parse_table(
        "random",
        "random.toml",
        {
            "why": "A property test.",
            "hit": draw(st.sampled_from([h.value for h in Hit])),
            "unknown": draw(st.sampled_from(["ignore", "deny"])),
            "columns": COLUMNS,
            "outputs": {"allow": "boolean"},
            "row": rows,
            "default": {"allow": False},
        },
    )


def slowly(table: DecisionTable, given_: dict[str, Any]) -> tuple[str, list[str]]:
    """Return the deciding row and all that hold, row by row and cell by cell."""
    held, possible = [], []
    for row in table.rows:
        cells_ = [holds(c, given_.get(name)) for name, c in row.when.items()]
        if all(cells_):
            held.append(row)
        elif False not in cells_:
            possible.append(row)
    if table.hit is Hit.DENY_OVERRIDES:
        if table.deny_unknown:
            held = [r for r in table.rows
                    if r in held or (r in possible and not r.then["allow"])]  # fmt: skip
        decisive = [r for r in held if not r.then["allow"]] or held
        return (decisive[0].id if decisive else "default"), []
    first = held[0].id if held else "default"
    return first, [r.id for r in held] if table.hit is Hit.ALL else []


def seen(answer: Answer, table: DecisionTable) -> tuple[str, list[str]]:
    rows = [row.id for row in answer.rows] if table.hit is Hit.ALL else []
    return answer.row_id, rows


@pytest.mark.slow
@modest(120)
@given(tables(), facts)
def test_the_index_answers_as_the_rows_do(table: DecisionTable, given_: dict[str, Any]) -> None:
    answer = CompiledTable(table).evaluate(given_)

    assert seen(answer, table) == slowly(table, given_)


@modest(50)
@given(tables(), facts, facts)
def test_an_answer_that_hinges_on_nothing_stands_whatever_is_learned(
    table: DecisionTable, given_: dict[str, Any], more: dict[str, Any]
) -> None:
    compiled = CompiledTable(table)
    asks_known = any(c.known is not None for r in table.rows for c in r.when.values())
    before = compiled.evaluate(given_)

    after = compiled.evaluate(more | given_)

    if not before.hinges_on and not asks_known and not table.deny_unknown:
        assert seen(after, table) == seen(before, table)


@modest(50)
@given(tables(), facts)
def test_an_explanation_changes_no_answer_and_names_a_cell_that_fails(
    table: DecisionTable, given_: dict[str, Any]
) -> None:
    compiled = CompiledTable(table)

    answer = compiled.explain(given_)

    assert seen(answer, table) == seen(compiled.evaluate(given_), table)
    for row, column in answer.almost:
        failing = [n for n, c in row.when.items() if not holds(c, given_.get(n))]
        assert failing == [column]


def test_every_column_type_is_tried() -> None:
    assert set(COLUMNS.values()) == {kind.value for kind in ColumnType}
