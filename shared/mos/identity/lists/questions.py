"""What a row answers to questions in cells of their own: "Question 1", "Response 1". Pure.

An answer is read as a cell under a heading of the question's words would be. It tells of a person
and their company, and it may take away; a yes under a question that somebody wrote grants nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mos.identity.lists.answers import ConsentWord, PurposeAnswer
from mos.matching.field import Field
from mos.model.consent import Purpose
from mos.sheet.answer import CellAnswer, read_answer
from mos.sheet.column import SheetColumn, read_columns
from mos.sheet.consent_heading import Effect

_QUESTION = re.compile(r"question[ _]?(\d{1,3})", re.IGNORECASE)
_LONGEST = 200
_FIELDS = {
    Field.TITLE: "title", Field.PHONE: "phone", Field.COUNTRY: "country", Field.STATE: "region",
    Field.CITY: "city",
}  # fmt: skip
_COMPANY = {"company": "name", "domain": "domain", "employees": "employees", "industry": "industry"}
_TAKES = {
    Effect.GRANTS: CellAnswer.NO, Effect.EITHER: CellAnswer.NO, Effect.ASK: CellAnswer.NO,
    Effect.WITHDRAWS: CellAnswer.YES,
}  # fmt: skip


@dataclass
class QuestionAnswers:
    """What the answers of one row tell, of whom, and what they take away."""

    fields: dict[str, str] = field(default_factory=dict)
    company: dict[str, str] = field(default_factory=dict)
    said: dict[Purpose, PurposeAnswer] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_questions(cells: Mapping[str, str]) -> QuestionAnswers:
    """Return what a row's questions and responses come to."""
    found = QuestionAnswers()
    for question, answer in _pairs(cells):
        (column,) = read_columns([question], {}).columns
        if column.effect in _TAKES:
            _take_consent(found, column, answer)
        elif column.meaning in _FIELDS:
            found.fields.setdefault(_FIELDS[Field(column.meaning)], answer)
        elif column.meaning in _COMPANY:
            found.company.setdefault(_COMPANY[column.meaning], answer)
    return found


def _take_consent(found: QuestionAnswers, column: SheetColumn, answer: str) -> None:
    if read_answer(answer) is _TAKES[column.effect] and column.purposes:
        no = PurposeAnswer(ConsentWord.WITHDRAWN)
        found.said |= dict.fromkeys(column.purposes, no)
    else:
        found.notes.append(f'"{column.name[:60]}" was answered "{answer[:40]}": it grants nothing')


def _pairs(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each question that was answered, with the answer."""
    plain = {name.lower().replace("_", " "): cell.strip() for name, cell in cells.items()}
    for name, question in plain.items():
        number = _QUESTION.fullmatch(name)
        answer = plain.get(f"response {number[1]}", "") if number else ""
        if question and answer and len(question) <= _LONGEST:
            yield question, answer
