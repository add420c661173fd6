"""Changes of a page: what is asked for is what is read, and nothing else moves."""

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mos.policy.amend.amendment import Amendment
from mos.policy.amend.bundle import amend_bundle
from mos.policy.bundle.bundle import Bundle
from mos.policy.table.condition import ColumnType
from tests.builders import starter

TODAY = date(2026, 11, 29)
TABLES = [name for name in starter().names("tables") if "+" not in name and "@" not in name]
TEXTS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12).filter(
    lambda t: t.strip() == t and t.isprintable() and not t.startswith("@")
)


def output(kind: ColumnType) -> st.SearchStrategy[Any]:
    return {
        ColumnType.BOOLEAN: st.booleans(),
        ColumnType.NUMBER: st.integers(-1000, 1000)
        | st.floats(-1e6, 1e6).map(lambda f: round(f, 3)),
        ColumnType.TEXT: TEXTS,
        ColumnType.SET: st.lists(TEXTS, min_size=1, max_size=3, unique=True),
    }[kind]


@pytest.mark.slow
@given(data=st.data())
def test_a_new_row_reads_as_it_was_asked_for_and_all_others_as_before(
    data: st.DataObject,
) -> None:
    table = data.draw(st.sampled_from(TABLES), label="table")
    page = starter().page(table)
    then = {name: data.draw(output(kind), label=name) for name, kind in page.outputs.items()}
    why = data.draw(TEXTS, label="why")
    one = Amendment(table=table, row="made_by_a_test", when={}, then=then, why=why)

    after = amend_bundle(starter(), [one], TODAY)

    rows = {row.id: row for row in after.page(table).rows}
    assert dict(rows["made_by_a_test"].then) == then
    assert [r for r in after.page(table).rows if r.id != "made_by_a_test"] == list(page.rows)
    gone = amend_bundle(after, [Amendment(table=table, row="made_by_a_test", remove=True)], TODAY)
    assert gone.page(table).rows == page.rows


@pytest.mark.slow
@given(data=st.data())
def test_a_parameter_says_what_was_asked_for_and_no_other_file_moves(data: st.DataObject) -> None:
    numbers = [n for n, p in starter().parameters.items()
               if isinstance(p.value, int | float) and not isinstance(p.value, bool)
               and p.same_as is None]  # fmt: skip
    stated = starter().parameters[data.draw(st.sampled_from(sorted(numbers)))]
    low, high = stated.least, stated.most
    value = data.draw(st.integers(int(low or 0), int(high if high is not None else 10_000)))
    assume(value != stated.value)  # What stands already is no change, and is refused.

    after = amend_bundle(starter(), [Amendment(parameter=stated.name, value=value)], TODAY)

    assert after.parameters[stated.name].value == value
    moved = [n for n in after.files if after.files[n] != starter().files[n]]
    assert len(moved) <= 1
    others = {n: p.value for n, p in after.parameters.items() if n != stated.name}
    same = {n for n, p in starter().parameters.items() if p.same_as}
    for name, held in others.items():
        assert held == starter().parameters[name].value or name in same


def test_comments_and_order_of_a_page_are_kept() -> None:
    text = "# Ours.\n" + starter().text("tables/routing/route.toml")
    bundle = Bundle(starter().files | {"tables/routing/route.toml": text.encode()})
    one = Amendment(table="routing/route", row="qualified_meeting", why="Because.")

    after = amend_bundle(bundle, [one], TODAY).text("tables/routing/route.toml")

    assert after.startswith("# Ours.\n")
    differ = [b for a, b in zip(text.splitlines(), after.splitlines(), strict=True) if a != b]
    assert differ == ['why = "Because."']
