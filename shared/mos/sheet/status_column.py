"""Notice a column whose heading says nothing of consent, and whose cells do. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from mos.model.consent import Purpose
from mos.sheet.answer import is_status
from mos.sheet.column import ASK, IGNORE, Question, SheetColumn, SheetColumns
from mos.sheet.consent_heading import Effect
from mos.sheet.table import Row

_LOOKED_AT = 5_000


def ask_by_cells(
    columns: SheetColumns, rows: Sequence[Row], told: Sequence[str]
) -> tuple[SheetColumns, list[Question]]:
    """Return the columns, and a question for each that is left out and says who has left.

    "Status" may hold anything: where it holds "unsubscribed", nobody passes over it in silence.
    """
    made: list[SheetColumn] = []
    questions: list[Question] = []
    for column in columns.columns:
        known = columns.export is not None and columns.export.meaning_of(column.name)
        is_open = column.meaning == IGNORE and column.name not in told and not known
        word = _find_status(column.name, rows) if is_open else ""
        if not word:
            made.append(column)
            continue
        made.append(replace(column, meaning=ASK, effect=Effect.ASK))
        about = Purpose.EMAIL_MARKETING
        why = f'its cells say "{word[:40]}": do they speak of consent, and for what?'
        questions.append(
            Question(column.name, why, (f"consent:{about}", f"withdraws:{about}", IGNORE))
        )
    return replace(columns, columns=tuple(made)), questions


def _find_status(name: str, rows: Sequence[Row]) -> str:
    cells = (row.cells.get(name, "") for row in rows[:_LOOKED_AT])
    return next((cell for cell in cells if cell and is_status(cell)), "")
