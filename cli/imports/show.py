"""What a list is and would do, for people: columns, people, questions, counts."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from cli.drawn_table import draw_table, find_width
from cli.imports import report
from mos.identity.lists.dry_run import tell_people
from mos.identity.lists.plan import ListPlan, RowOutcome
from mos.identity.lists.sheet import Sheet
from mos.model.plain_text import make_plain
from mos.sheet.column import IGNORE

_MOST = 20
_WIDE = 40


def show_columns(console: Console, sheet: Sheet) -> None:
    """Show what each column is taken for, and what was odd about the file."""
    export = sheet.columns.export
    known = f", as {export.system} exports a {export.object}" if export else ""
    first = next((row.cells for row in sheet.rows if row.cells), {})
    rows = [
        (
            column.name,
            "left out" if column.meaning == IGNORE else column.meaning,
            column.effect.value,
            first.get(column.name, "")[:_WIDE],
        )
        for column in sheet.columns.columns
    ]
    head = ("column", "is read as", "does", "first row")
    title = f"{len(sheet.rows):,} rows{known}"
    console.print(draw_table(title, head, rows, find_width(console)), soft_wrap=True)
    for note in sheet.notes:
        _say(console, f"note: {note}")


def show_people(console: Console, plan: ListPlan, answer: dict[str, Any]) -> None:
    """Say how many people are granted what, who would be one, and what is asked first."""
    for word, key in (("grants", "grants"), ("takes away", "withdrawals")):
        for purpose, people in answer[key].items():
            console.print(f"{word} {purpose}: {_count(people)}", highlight=False)
    if not answer["grants"]:
        console.print("note: nobody is granted anything by this list", highlight=False)
    told = tell_people(plan)
    for line in told[:_MOST]:
        _say(console, line)
    if len(told) > _MOST:
        console.print(f"and {len(told) - _MOST} more people of several rows", highlight=False)
    for question in answer["questions"]:
        _say(console, f"asked: {question['column']}: {question['why']}")
        for choice in question["choices"]:
            _say(console, f'    --map "{question["column"]}={choice}"')


def show_counts(console: Console, name: str, outcomes: Sequence[RowOutcome], sent: str) -> None:
    """Say how many rows ended how, and why some are refused."""
    counted = ", ".join(f"{count:,} {status}" for status, count in report.counts(outcomes).items())
    _say(console, f"{name}: {counted} ({sent} on their way)")
    for reason, times in report.reasons(outcomes)[:8]:
        _say(console, f"  refused {times:,}: {reason}")


def _say(console: Console, text: str) -> None:
    """Print a line in which words of the list stand: none of it is markup."""
    console.print(make_plain(text), highlight=False, markup=False, soft_wrap=True)


def _count(people: int) -> str:
    return f"{people:,} people" if people != 1 else "1 person"
