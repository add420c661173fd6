"""What a row of a list says about consent: the stricter of its own words holds. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mos.model.consent import Purpose
from mos.sheet.answer import (
    CellAnswer,
    is_permission,
    is_plain_no,
    names_leaving,
    read_answer,
)
from mos.sheet.column import SheetColumn, SheetColumns
from mos.sheet.consent_heading import Effect
from mos.sheet.heading import fold
from mos.sheet.written_date import read_date

_WORDS = {
    "granted": CellAnswer.YES,
    "yes": CellAnswer.YES,
    "withdrawn": CellAnswer.NO,
    "no": CellAnswer.NO,
    "nothing": CellAnswer.NOTHING,
}
_STOPS = (
    "unsub", "opt", "revok", "withdr", "block", "suppress", "abgemeldet", "widerru", "widerspr",
    "desabon", "desinsc", "disisc", "uitgeschr", "afgemeld", "baja", "complain", "spam", "do not",
    "dnc", "stop", "nicht zulassen", "pas autoris", "no permit", "non consent", "niet toest",
    "not allow",
)  # fmt: skip
"""Parts of cells that say no to being in, by which somebody is out."""
_UNDELIVERABLE = "undeliverable"


class ConsentWord(StrEnum):
    """What somebody says of one purpose. `NOT_GIVEN` is a box left empty: no grant, no stop."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    NOT_GIVEN = "not_given"


_STRICTEST = (ConsentWord.WITHDRAWN, ConsentWord.NOT_GIVEN, ConsentWord.GRANTED)


@dataclass(frozen=True, slots=True)
class PurposeAnswer:
    """One answer about one purpose, and when it was given, where the row says so."""

    word: ConsentWord
    at: datetime | None = None


@dataclass(frozen=True)
class RowAnswers:
    """The answers of a row by purpose, whether its mailbox is dead, and what is odd about it.

    `confirmed` are the purposes whose grant was confirmed, and when, where the row says so.
    """

    said: Mapping[Purpose, PurposeAnswer]
    undeliverable: bool
    notes: tuple[str, ...]
    confirmed: Mapping[Purpose, datetime | None] = field(default_factory=dict)


def read_answers(cells: Mapping[str, str], columns: SheetColumns) -> RowAnswers:
    """Return what a row answers. Blank is nothing; what nobody knows grants nothing."""
    found: dict[Purpose, list[PurposeAnswer]] = {}
    notes: list[str] = []
    export = columns.export
    dead = bool(export and export.undeliverable)
    times = _read_times(cells, columns)
    if export:
        for purpose in map(Purpose, export.withdraws):
            found.setdefault(purpose, []).append(PurposeAnswer(ConsentWord.WITHDRAWN))
    for column in columns.columns:
        cell = cells.get(column.name, "").strip()
        if not cell or column.effect not in {Effect.GRANTS, Effect.WITHDRAWS, Effect.EITHER}:
            continue
        if column.values.get(_fold(cell)) == _UNDELIVERABLE:
            dead = True
            continue
        said, note = _read(cell, column, cells)
        notes += [note] if note else []
        for purpose in column.purposes if said else ():
            found.setdefault(purpose, []).append(_dated(said, times.get(purpose)))
    return RowAnswers(
        {purpose: _take_strictest(said) for purpose, said in sorted(found.items())},
        dead or any(_is_dead(cells, columns)),
        tuple(notes),
        _read_proofs(cells, columns),
    )


def take_strictest_word(words: set[ConsentWord]) -> ConsentWord:
    """Return the word that holds where nobody knows which of them came last."""
    return next(word for word in _STRICTEST if word in words)


def _take_strictest(said: list[PurposeAnswer]) -> PurposeAnswer:
    word = take_strictest_word({one.word for one in said})
    times = [one.at for one in said if one.word is word]
    dated = [at for at in times if at is not None]
    if word is ConsentWord.WITHDRAWN:
        return PurposeAnswer(word, max(dated, default=None))
    # A grant is no newer than its oldest claim.
    return PurposeAnswer(word, min(dated, default=None))


def _read(
    cell: str, column: SheetColumn, cells: Mapping[str, str]
) -> tuple[PurposeAnswer | None, str]:
    answer = _WORDS.get(column.values.get(_fold(cell), "")) or read_answer(cell)
    at = read_date(cell) if answer is CellAnswer.DATE else None
    if column.effect is Effect.WITHDRAWS:
        return _read_withdrawal(answer, at, column, cell)
    if answer is CellAnswer.NOTHING:
        return None, ""
    if answer is CellAnswer.UNKNOWN and names_leaving(cell):
        answer = CellAnswer.NO
    if answer is CellAnswer.UNKNOWN:
        return None, f'{column.name}: "{cell[:40]}" is neither yes nor no, so it grants nothing'
    if answer is CellAnswer.NO:
        return PurposeAnswer(
            ConsentWord.WITHDRAWN if column.effect is Effect.EITHER else ConsentWord.NOT_GIVEN
        ), ""
    if missing := [name for name in column.evidence if not cells.get(name, "").strip()]:
        return None, f"{column.name} without {missing[0]} is no proof, so it grants nothing"
    return PurposeAnswer(ConsentWord.GRANTED, at), ""


def _read_withdrawal(
    answer: CellAnswer, at: datetime | None, column: SheetColumn, cell: str
) -> tuple[PurposeAnswer | None, str]:
    if answer in {CellAnswer.NO, CellAnswer.NOTHING}:
        if answer is CellAnswer.NO and not is_plain_no(cell):
            why = f'{column.name}: "{cell[:40]}" is taken for a stop'
            return PurposeAnswer(ConsentWord.WITHDRAWN), "" if _names_a_stop(cell) else why
        # That no stop is on record is no permission.
        return (PurposeAnswer(ConsentWord.WITHDRAWN), "") if _names_a_stop(cell) else (None, "")
    if is_permission(cell) and column.values.get(_fold(cell)) is None:
        return None, ""
    if answer is CellAnswer.UNKNOWN:
        return PurposeAnswer(
            ConsentWord.WITHDRAWN
        ), f'{column.name}: "{cell[:40]}" is taken for a stop'
    return PurposeAnswer(ConsentWord.WITHDRAWN, at), ""


def _names_a_stop(cell: str) -> bool:
    """Say whether a no stands there as what somebody did: "unsubscribed" under "opt-out"."""
    plain = fold(cell)
    return any(part in plain for part in _STOPS)


def _dated(said: PurposeAnswer | None, at: datetime | None) -> PurposeAnswer:
    made = said or PurposeAnswer(ConsentWord.NOT_GIVEN)
    return made if made.at or at is None else PurposeAnswer(made.word, at)


def _read_times(cells: Mapping[str, str], columns: SheetColumns) -> dict[Purpose, datetime]:
    made: dict[Purpose, datetime] = {}
    for column in columns.columns:
        if column.meaning.startswith("at:"):
            at = read_date(cells.get(column.name, ""))
            made |= dict.fromkeys(column.purposes, at) if at else {}
    return made


def _read_proofs(cells: Mapping[str, str], columns: SheetColumns) -> dict[Purpose, datetime | None]:
    """Return what was confirmed, and when: a yes or a date says so, and nothing else."""
    made: dict[Purpose, datetime | None] = {}
    for column in columns.columns:
        if column.meaning.startswith("confirmed:"):
            cell = cells.get(column.name, "")
            if read_answer(cell) in {CellAnswer.YES, CellAnswer.DATE}:
                made |= dict.fromkeys(column.purposes, read_date(cell))
    return made


def _is_dead(cells: Mapping[str, str], columns: SheetColumns) -> Iterator[bool]:
    for column in columns.named(_UNDELIVERABLE):
        cell = cells.get(column.name, "").strip()
        answer = _WORDS.get(column.values.get(_fold(cell), "")) or read_answer(cell)
        yield answer not in {CellAnswer.NO, CellAnswer.NOTHING}


def _fold(cell: str) -> str:
    return " ".join(fold(cell).replace("_", " ").split())
