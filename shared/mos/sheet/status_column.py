"""Notice a column whose cells say of consent something else than its heading. Pure."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from mos.matching.field import Field
from mos.model.consent import Purpose
from mos.sheet.answer import CellAnswer, is_status, names_leaving, read_answer
from mos.sheet.column import ASK, IGNORE, Question, SheetColumn, SheetColumns
from mos.sheet.consent_heading import Effect
from mos.sheet.consent_words import HeadingWords
from mos.sheet.heading import split_words
from mos.sheet.names import is_of_another
from mos.sheet.table import SheetRow

_LOOKED_AT = 5_000
_MAILBOX = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63})+")
_NAMES = ("given_name", "surname", "full_name", "company", "domain", "account_id")
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
    asked = {question.column for question in questions}
    if not columns.named(Field.EMAIL) and (own := _find_mailboxes(columns, rows, {*told, *asked})):
        why = "its cells are mailboxes, and no other column's are: are they the people's own?"
        questions.append(Question(own, why, (Field.EMAIL.value, IGNORE)))
    return replace(columns, columns=tuple(made)), questions


def _find_mailboxes(columns: SheetColumns, rows: Sequence[SheetRow], but: AbstractSet[str]) -> str:
    """Return a column that nothing is known of and that holds mailboxes, else an empty text."""
    left = [c.name for c in columns.columns if c.meaning in {IGNORE, ASK} and c.name not in but]
    for name in left:
        known = columns.export and columns.export.meaning_of(name) is not None
        cells = [cell for row in rows[:_LOOKED_AT] if (cell := row.cells.get(name, "").strip())]
        if known or is_of_another(name) or not cells:
            continue
        if sum(_MAILBOX.fullmatch(cell) is not None for cell in cells) * 2 > len(cells):
            return name
    return ""


def _find_doubt(column: SheetColumn, rows: Sequence[SheetRow], *, is_known: bool) -> str:
    told = column.effect in {Effect.TRAIT, Effect.ACCOUNT} and column.meaning not in _NAMES
    is_trait = told and not is_known
    # What a system means by its own word is known, but nobody's stop is passed over; and a
    # "State" that says "unsubscribed" is no part of a country.
    looked_at = is_trait or column.meaning == IGNORE
    if looked_at and (word := _find_status(column.name, rows, only_stops=is_known or is_trait)):
        return f'its cells say "{word[:40]}": do they speak of consent, and for what?'
    return "" if is_known else _find_strange_answers(column, rows)


def _find_strange_answers(column: SheetColumn, rows: Sequence[SheetRow]) -> str:
    name = column.name
    if column.meaning == IGNORE and _may_ask(name, rows):
        return "its cells say yes and no: to a way of contact, or to what nobody here reads?"
    if column.meaning in {Field.EMAIL, Field.PHONE} and _holds_both(name, rows):
        return "its heading names a way of contact, and its cells say yes and no"
    if column.effect in {Effect.EITHER, Effect.GRANTS} and _counts(name, rows):
        return "its cells are 0, 1 and other numbers: are they answers, codes, or a count?"
    if column.effect is Effect.WITHDRAWS and (odd := _find_odd(name, rows)):
        return (
            f'the heading speaks of leaving, but its cells say "{odd[:40]}": do they mean a stop?'
        )
    return ""


def _find_odd(name: str, rows: Sequence[SheetRow]) -> str:
    """Return a cell of a column most of whose cells are no answers, else an empty text."""
    cells = [cell for row in rows[:_LOOKED_AT] if (cell := row.cells.get(name, ""))]
    unknown = (cell for cell in cells if read_answer(cell) is CellAnswer.UNKNOWN)
    odd = [cell for cell in unknown if not names_leaving(cell)]
    return odd[0] if len(odd) * 2 > len(cells) else ""


def _find_status(name: str, rows: Sequence[SheetRow], *, only_stops: bool) -> str:
    cells = dict.fromkeys(row.cells.get(name, "") for row in rows[:_LOOKED_AT])
    found = (cell for cell in cells if cell and is_status(cell))
    return next((c for c in found if not only_stops or read_answer(c) is CellAnswer.NO), "")


def _may_ask(heading: str, rows: Sequence[SheetRow]) -> bool:
    if not _holds_answers(heading, rows):
        return False
    words = HeadingWords.of(split_words(heading))
    names_contact = words.is_understood and bool(words.purposes) and not words.negations
    return _is_unread(heading) or (names_contact and _holds_both(heading, rows))


def _counts(name: str, rows: Sequence[SheetRow]) -> bool:
    """Say whether 0 and 1 stand among other numbers: then they are no yes and no."""
    cells = {cell for row in rows[:_LOOKED_AT] if (cell := row.cells.get(name, "").strip())}
    numbers = {cell for cell in cells if cell.isascii() and cell.isdigit()}
    return bool(numbers & {"0", "1"}) and bool(numbers - {"0", "1"})


def _holds_both(name: str, rows: Sequence[SheetRow]) -> bool:
    """Say whether cells say yes and others no: a lone word may be anything's."""
    said = {read_answer(cell) for row in rows[:_LOOKED_AT] if (cell := row.cells.get(name, ""))}
    return {CellAnswer.YES, CellAnswer.NO} <= said and _holds_answers(name, rows)


def _is_unread(heading: str) -> bool:
    return any(letter.isalpha() and letter > _LAST_LATIN for letter in heading)


def _holds_answers(name: str, rows: Sequence[SheetRow]) -> bool:
    cells = {row.cells.get(name, "").strip() for row in rows[:_LOOKED_AT]} - {""}
    plain = {cell for cell in cells if not cell.isdigit()}
    return bool(plain) and all(
        read_answer(cell) in {CellAnswer.YES, CellAnswer.NO} for cell in cells
    )
