"""What a row of a list says about consent: the stricter of its own words holds. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mos.model.consent import Purpose
from mos.sheet.answer import Answer, read_answer
from mos.sheet.column import SheetColumn, SheetColumns
from mos.sheet.consent_heading import Effect
from mos.sheet.heading import fold
from mos.sheet.written_date import read_date

_WORDS = {"granted": Answer.YES, "yes": Answer.YES, "withdrawn": Answer.NO, "no": Answer.NO,
          "nothing": Answer.NOTHING}  # fmt: skip
_UNDELIVERABLE = "undeliverable"


class Word(StrEnum):
    """What somebody says of one purpose. `NOT_GIVEN` is a box left empty: no grant, no stop."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    NOT_GIVEN = "not_given"


_STRICTEST = (Word.WITHDRAWN, Word.NOT_GIVEN, Word.GRANTED)


@dataclass(frozen=True)
class Said:
    """One answer about one purpose, and when it was given, where the row says so."""

    word: Word
    at: datetime | None = None


@dataclass(frozen=True)
class RowAnswers:
    """The answers of a row by purpose, whether its mailbox is dead, and what is odd about it."""

    said: Mapping[Purpose, Said]
    undeliverable: bool
    notes: tuple[str, ...]


def read_answers(cells: Mapping[str, str], columns: SheetColumns) -> RowAnswers:
    """Return what a row answers. Blank is nothing; what nobody knows grants nothing."""
    found: dict[Purpose, list[Said]] = {}
    notes: list[str] = []
    export = columns.export
    dead = bool(export and export.undeliverable)
    times = _read_times(cells, columns)
    if export:
        for purpose in map(Purpose, export.withdraws):
            found.setdefault(purpose, []).append(Said(Word.WITHDRAWN))
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
    )


def take_strictest_word(words: set[Word]) -> Word:
    """Return the word that holds where nobody knows which of them came last."""
    return next(word for word in _STRICTEST if word in words)


def _take_strictest(said: list[Said]) -> Said:
    word = take_strictest_word({one.word for one in said})
    times = [one.at for one in said if one.word is word]
    dated = [at for at in times if at is not None]
    if word is Word.WITHDRAWN:
        return Said(word, max(dated, default=None))
    # A grant is no newer than its oldest claim.
    return Said(word, min(dated, default=None))


def _read(cell: str, column: SheetColumn, cells: Mapping[str, str]) -> tuple[Said | None, str]:
    answer = _WORDS.get(column.values.get(_fold(cell), "")) or read_answer(cell)
    at = read_date(cell) if answer is Answer.DATE else None
    if column.effect is Effect.WITHDRAWS:
        return _read_withdrawal(answer, at, column, cell)
    if answer is Answer.NOTHING:
        return None, ""
    if answer is Answer.UNKNOWN:
        return None, f'{column.name}: "{cell[:40]}" is neither yes nor no, so it grants nothing'
    if answer is Answer.NO:
        return Said(Word.WITHDRAWN if column.effect is Effect.EITHER else Word.NOT_GIVEN), ""
    if missing := [name for name in column.evidence if not cells.get(name, "").strip()]:
        return None, f"{column.name} without {missing[0]} is no proof, so it grants nothing"
    return Said(Word.GRANTED, at), ""


def _read_withdrawal(
    answer: Answer, at: datetime | None, column: SheetColumn, cell: str
) -> tuple[Said | None, str]:
    if answer in {Answer.NO, Answer.NOTHING}:
        # That no stop is on record is no permission.
        return (Said(Word.WITHDRAWN), "") if _names_a_stop(cell) else (None, "")
    if answer is Answer.UNKNOWN:
        return Said(Word.WITHDRAWN), f'{column.name}: "{cell[:40]}" is taken for a stop'
    return Said(Word.WITHDRAWN, at), ""


def _names_a_stop(cell: str) -> bool:
    """Say whether a no stands there as what somebody did: "unsubscribed" under "opt-out"."""
    plain = fold(cell)
    return any(part in plain for part in ("unsub", "opt", "revok", "withdr", "block", "suppress",
               "abgemeldet", "widerru", "widerspr", "desabon", "desinsc", "disisc", "uitgeschr",
               "afgemeld", "baja", "complain", "spam", "do not", "dnc", "stop"))  # fmt: skip


def _dated(said: Said | None, at: datetime | None) -> Said:
    made = said or Said(Word.NOT_GIVEN)
    return made if made.at or at is None else Said(made.word, at)


def _read_times(cells: Mapping[str, str], columns: SheetColumns) -> dict[Purpose, datetime]:
    made: dict[Purpose, datetime] = {}
    for column in columns.columns:
        if column.meaning.startswith("at:"):
            at = read_date(cells.get(column.name, ""))
            made |= dict.fromkeys(column.purposes, at) if at else {}
    return made


def _is_dead(cells: Mapping[str, str], columns: SheetColumns) -> Iterator[bool]:
    for column in columns.named(_UNDELIVERABLE):
        cell = cells.get(column.name, "").strip()
        answer = _WORDS.get(column.values.get(_fold(cell), "")) or read_answer(cell)
        yield answer not in {Answer.NO, Answer.NOTHING}


def _fold(cell: str) -> str:
    return " ".join(fold(cell).replace("_", " ").split())
