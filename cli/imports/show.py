"""What a list is and would do, for people: columns, people, questions, counts."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from cli.imports import report
from mos.identity.lists.dry_run import tell_people
from mos.identity.lists.plan import ListPlan, RowOutcome
from mos.identity.lists.sheet import Sheet
from mos.sheet.column import IGNORE

_MOST = 20
_WIDE = 40


def show_columns(console: Console, sheet: Sheet) -> None:
    """Show what each column is taken for, and what was odd about the file."""
    export = sheet.columns.export
    known = f", as {export.system} exports a {export.object}" if export else ""
    page = Table(
        "column", "is read as", "does", "first row", title=f"{len(sheet.rows):,} rows{known}"
    )
    first = next((row.cells for row in sheet.rows if row.cells), {})
    for column in sheet.columns.columns:
        meaning = "[dim]left out[/]" if column.meaning == IGNORE else column.meaning
        cell = first.get(column.name, "")[:_WIDE].replace("[", r"\[")
        page.add_row(column.name.replace("[", r"\["), meaning, column.effect.value, cell)
    console.print(page)
    for note in sheet.notes:
        console.print(f"note: {note}", highlight=False, markup=False)


def show_people(console: Console, plan: ListPlan, answer: dict[str, Any]) -> None:
    """Say how many people are granted what, who would be one, and what is asked first."""
    for word, key in (("grants", "grants"), ("takes away", "withdrawals")):
        for purpose, people in answer[key].items():
            console.print(f"{word} {purpose}: {_count(people)}", highlight=False)
    if not answer["grants"]:
        console.print("note: nobody is granted anything by this list", highlight=False)
    told = tell_people(plan)
    for line in told[:_MOST]:
        console.print(line, highlight=False)
    if len(told) > _MOST:
        console.print(f"and {len(told) - _MOST} more people of several rows", highlight=False)
    for question in answer["questions"]:
        console.print(f"[bold]asked[/]: {question['column']}: {question['why']}", highlight=False)
        for choice in question["choices"]:
            text = f'    --map "{question["column"]}={choice}"'
            console.print(text, highlight=False, markup=False)


def show_counts(console: Console, name: str, outcomes: Sequence[RowOutcome], sent: str) -> None:
    """Say how many rows ended how, and why some are refused."""
    counted = ", ".join(f"{count:,} {status}" for status, count in report.counts(outcomes).items())
    console.print(f"[bold]{name}[/]: {counted} ({sent} on their way)")
    for reason, times in report.reasons(outcomes)[:8]:
        console.print(f"  refused {times:,}: {reason}", highlight=False, markup=False)


def _count(people: int) -> str:
    return f"{people:,} people" if people != 1 else "1 person"
