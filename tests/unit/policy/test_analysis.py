"""What cannot be worked out in reasonable time is said to be undecided, and the rest is found."""

from typing import Any

from mos.policy.analysis.defect import Kind, analyse
from mos.policy.table.page import parse_table
from mos.policy.table.table import DecisionTable


def table(rows: list[dict[str, Any]], kind: str = "number") -> DecisionTable:
    return parse_table("t", "t.toml", {
        "why": "A test.", "columns": {"c": kind}, "outputs": {"x": "text"}, "default": {},
        "row": [{"when": when, "then": {"x": str(i)}} for i, when in enumerate(rows)],
    })  # fmt: skip


def test_a_table_of_thousands_of_rows_is_not_compared_row_by_row() -> None:
    [found] = analyse(table([{"c": n} for n in range(2_001)]))

    assert found.kind is Kind.UNDECIDED
    assert "2001 rows" in found.detail


def test_words_that_the_same_rows_name_count_as_one() -> None:
    words = [f"w{n}" for n in range(60)]

    found = analyse(table([{"c": words[:40]}, {"c": words[40:]}, {"c": words}], "set"))

    assert [(f.kind, f.rows[0]) for f in found if f.kind is Kind.UNREACHABLE] == [
        (Kind.UNREACHABLE, "3")
    ]


def test_too_many_words_that_differ_are_undecided() -> None:
    [found] = analyse(table([{"c": f"w{n}"} for n in range(11)], "set"))

    assert found.kind is Kind.UNDECIDED
    assert "11 words" in found.detail


def test_a_cell_that_can_never_hold_is_a_dead_row() -> None:
    found = analyse(table([{"c": "(5..5)"}]))

    assert [f.kind for f in found] == [Kind.UNREACHABLE]
