"""Notice a column whose cells say of consent something else than its heading. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from mos.model.consent import Purpose
from mos.sheet.answer import CellAnswer, is_status, read_answer
from mos.sheet.column import ASK, IGNORE, Question, SheetColumn, SheetColumns
from mos.sheet.consent_heading import Effect
from mos.sheet.table import SheetRow

_LOOKED_AT = 5_000
_LAST_LATIN = "\u036f"


def ask_by_cells(
    columns: SheetColumns, rows: Sequence[SheetRow], told: Sequence[str]
) -> tuple[SheetColumns, list[Question]]:
    """Return the columns, and a question for each whose cells do not fit its heading.

    "Status" may hold anything: where it holds "unsubscribed", nobody passes over it in silence.
    What sounds of leaving and holds neither yes nor no nor dates may be something else. Where a
    heading is written in letters that nobody here reads, yes and no below it are asked about.
    """
    made: list[SheetColumn] = []
    questions: list[Question] = []
    for column in columns.columns:
        known = columns.export is not None and columns.export.meaning_of(column.name) is not None
        why = "" if column.name in told else _find_doubt(column, rows, is_known=known)
        if not why:
            made.append(column)
            continue
        made.append(replace(column, meaning=ASK, effect=Effect.ASK))
        about = (column.purposes or (Purpose.EMAIL_MARKETING,))[0]
        choices = (f"consent:{about}", f"withdraws:{about}", IGNORE)
        questions.append(Question(column.name, why, choices))
    return replace(columns, columns=tuple(made)), questions


def _find_doubt(column: SheetColumn, rows: Sequence[SheetRow], *, is_known: bool) -> str:
    if column.meaning == IGNORE:
        # What a system means by its own word is known, but nobody's stop is passed over.
        if word := _find_status(column.name, rows, only_stops=is_known):
            return f'its cells say "{word[:40]}": do they speak of consent, and for what?'
        if not is_known and _is_unread(column.name) and _holds_answers(column.name, rows):
            return "its heading is in a script that is not read, and its cells say yes and no"
        return ""
    if is_known:
        return ""
    if column.effect is Effect.WITHDRAWS and (odd := _find_odd(column.name, rows)):
        return (
            f'the heading speaks of leaving, but its cells say "{odd[:40]}": do they mean a stop?'
        )
    return ""


def _find_odd(name: str, rows: Sequence[SheetRow]) -> str:
    """Return a cell of a column most of whose cells are no answers, else an empty text."""
    cells = [cell for row in rows[:_LOOKED_AT] if (cell := row.cells.get(name, ""))]
    odd = [cell for cell in cells if read_answer(cell) is CellAnswer.UNKNOWN]
    return odd[0] if len(odd) * 2 > len(cells) else ""


def _find_status(name: str, rows: Sequence[SheetRow], *, only_stops: bool) -> str:
    cells = dict.fromkeys(row.cells.get(name, "") for row in rows[:_LOOKED_AT])
    found = (cell for cell in cells if cell and is_status(cell))
    return next((c for c in found if not only_stops or read_answer(c) is CellAnswer.NO), "")


def _is_unread(heading: str) -> bool:
    return any(letter.isalpha() and letter > _LAST_LATIN for letter in heading)


def _holds_answers(name: str, rows: Sequence[SheetRow]) -> bool:
    cells = {row.cells.get(name, "").strip() for row in rows[:_LOOKED_AT]} - {""}
    plain = {cell for cell in cells if not cell.isdigit()}
    return bool(plain) and all(
        read_answer(cell) in {CellAnswer.YES, CellAnswer.NO} for cell in cells
    )
