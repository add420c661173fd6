"""Tables on a narrow terminal: words and ids stay whole, and what says nothing is left out."""

import re

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from cli.output import show
from cli.table import lay_out
from mos.model.view import Rows
from tests.property.worlds import modest

ACT = "act_cb4fbfe69339545b67f25a0dfc105013"
COLUMNS = ("at", "for", "action", "channel", "subject", "how", "why", "delivery")
ROW = (
    "2026-11-02 14:06 UTC", "Jane Doe, Acme Pay", "ae_handoff", "hubspot_task", "–", "taken back",
    "another rep has it now: a promise about it was broken", ACT,
)  # fmt: skip
NAMES = st.text("abcdefghij", min_size=1, max_size=14)
CELLS = st.lists(NAMES, max_size=12).map(" ".join)


def words(text: str) -> list[str]:
    return re.findall(r"[^\s]+", text)


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_no_word_and_no_id_is_broken_at_any_width(width: int) -> None:
    text = "\n".join(lay_out(COLUMNS, [ROW, ROW], width).lines)

    assert max(map(len, text.splitlines())) <= width
    assert text.count(ACT) == 2
    for word in words(" ".join(ROW[:-1])):
        assert word == "–" or word in text


def test_a_column_in_which_nothing_stands_is_left_out() -> None:
    page = lay_out(COLUMNS, [ROW], 200)

    assert "subject" not in page.header
    assert "why" in page.header


def test_an_id_stands_under_its_row_where_the_row_has_no_room_for_it() -> None:
    [*_, last] = lay_out(COLUMNS, [ROW], 100).lines

    assert last.strip() == f"delivery {ACT}"
    assert ACT in lay_out(COLUMNS, [ROW], 200).lines[0]


def test_a_long_name_is_parted_where_its_parts_meet() -> None:
    row = ("gates/contact_policy#same_handoff_again", "Sales has had this hand-off " * 4)
    page = lay_out(("fell at", "why"), [row], 48)

    assert all(line.split("  ")[0].endswith(("_", "#", "/", "again", "")) for line in page.lines)
    assert "handoff" in "".join(page.lines)


def test_where_no_table_fits_each_row_is_lines_of_names_and_values() -> None:
    lines = lay_out(COLUMNS, [ROW, ROW], 38).lines

    assert lines[0] == "at: 2026-11-02 14:06 UTC"
    assert lines.count("") == 1
    assert any(line.endswith(ACT) for line in lines)


@modest(60)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4), st.integers(20, 120))
def test_every_word_is_there_and_whole(rows: list[tuple[str, str, str]], width: int) -> None:
    page = lay_out(("a", "b", "c"), rows, width)

    shown = words(f"{page.header} " + " ".join(page.lines))
    for word in words(" ".join(cell for row in rows for cell in row)):
        assert word in shown
    assert all(len(line) <= width for line in page.lines)


@pytest.mark.parametrize(("stated", "widest"), [("60", 60), (None, 100)])
def test_what_is_piped_is_as_wide_as_is_stated(
    stated: str | None, widest: int, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    if stated:
        monkeypatch.setenv("COLUMNS", stated)
    else:
        monkeypatch.delenv("COLUMNS", raising=False)
    row = tuple("word " * 40 for _ in range(2))
    table = Rows(title="Rows", columns=("one", "two"), rows=(row,))

    with pytest.raises(typer.Exit):
        show({"ok": True, "view": [table.model_dump()]}, "a title", as_json=False)

    longest = max(map(len, capsys.readouterr().out.splitlines()))
    assert widest - 10 <= longest <= widest
