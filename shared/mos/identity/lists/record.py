"""One row of a list in our words: who it names, what it tells, what it answers. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from mos.identity.lists.answers import ConsentWord, PurposeAnswer, read_answers
from mos.identity.lists.ids import find_id
from mos.identity.lists.list_record import ListRecord
from mos.identity.lists.questions import read_questions
from mos.matching.field import Field
from mos.model.consent import Purpose
from mos.model.signal import Provenance
from mos.sheet.answer import CellAnswer, read_answer
from mos.sheet.column import IDS, SheetColumn, SheetColumns
from mos.sheet.contents import (
    find_mailboxes,
    find_phones,
    is_device,
    is_guest,
    is_name,
    is_spoiled,
    is_test_lead,
    squeeze_number,
    tidy,
)
from mos.sheet.postcode import doubt_postcode, tidy_number
from mos.sheet.stop import find_stop
from mos.sheet.system import PERSON
from mos.sheet.table import SheetRow
from mos.sheet.written_date import read_date
from mos.vocabulary.country import read_country

_TRAITS: dict[str, str] = {
    Field.GIVEN_NAME: "first_name", Field.SURNAME: "last_name", Field.FULL_NAME: "name",
    Field.STATE: "region",
}  # fmt: skip
_COMPANY = {"company": "name", "domain": "domain", "employees": "employees", "industry": "industry"}
_NAMES = ("first_name", "last_name", "name")
_SILENT = {"ignore", "private", "said_at", "deleted", "undeliverable", "account_id", "ask"}


@dataclass(frozen=True)
class ListReading:
    """How the rows of one list are read: its columns, who collected it, how it writes dates."""

    columns: SheetColumns
    provenance: Provenance
    day_first: bool | None
    row_numbers: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()


def read_record(row: SheetRow, reading: ListReading) -> ListRecord:
    """Return what a row says, or why it cannot be taken."""
    columns = reading.columns
    cells = {name: tidy(cell) for name, cell in row.cells.items()}
    if row.refused:
        return ListRecord(row.line, refused=row.refused)
    if columns.export and columns.export.object != PERSON:
        return ListRecord(row.line, refused=f"no_person: a row of a {columns.export.object}")
    if is_test_lead(list(cells.values())):
        return ListRecord(row.line, refused="no_person: what a vendor's test button sends")
    if any(read_answer(cells.get(c.name, "")) is CellAnswer.YES for c in columns.named("private")):
        return ListRecord(row.line, refused="private: whoever kept the card marked it as private")
    made = _Cells(cells, reading)
    record = ListRecord(
        row.line,
        fields=made.read_traits(),
        mailboxes=made.read_mailboxes(),
        phones=made.read_phones(),
        ids=made.read_ids(),
        company=made.read_company(),
        said_at=made.read_moment(),
        shared=frozenset(made.shared),
    )
    answers = read_answers(cells, columns)
    record = replace(
        record,
        said=dict(answers.said),
        confirmed=answers.confirmed,
        undeliverable=answers.undeliverable,
        notes=(*made.notes, *answers.notes),
    )
    record = _with_answers(record, cells)
    if any(is_guest(cells.get(column.name, "")) for column in columns.named(*_TRAITS)):
        record = record.without_names("booked for a guest with this mailbox: the name is left out")
    return _refuse_nobody(_look(record, cells, columns), cells, made)


def _with_answers(record: ListRecord, cells: Mapping[str, str]) -> ListRecord:
    """Return the row with what it answers to questions: its own columns go before, a no stands."""
    answers = read_questions(cells)
    phone = answers.fields.get("phone")
    return replace(
        record,
        fields=answers.fields | record.fields,
        phones=record.phones or tuple(n for n, is_own in find_phones(phone or "") if is_own),
        company=answers.company | record.company,
        said=dict(record.said) | answers.said,
        notes=(*record.notes, *answers.notes),
    )


def _look(record: ListRecord, cells: Mapping[str, str], columns: SheetColumns) -> ListRecord:
    """Return the row with the stop that a human wrote into it: shown, and never mailed over."""
    said, looks = dict(record.said), list(record.looks)
    for column in columns.named("notes", "tags"):
        if stop := find_stop(cells.get(column.name, "")):
            looks.append(f'{column.name} says "{stop.words}": look before anybody writes')
            at = said.get(stop.purposes[0]) if stop.purposes else None
            held = at.at if at and at.word is ConsentWord.WITHDRAWN else None
            said |= dict.fromkeys(stop.purposes, PurposeAnswer(ConsentWord.WITHDRAWN, held))
    if any(read_answer(cells.get(c.name, "")) is CellAnswer.YES for c in columns.named("deleted")):
        looks.append("its system has deleted or merged this record: its stops hold, no more")
        said = {p: s for p, s in said.items() if s.word is ConsentWord.WITHDRAWN}
    mail = said.get(Purpose.EMAIL_MARKETING)
    if record.undeliverable and mail and mail.word is not ConsentWord.WITHDRAWN:
        del said[Purpose.EMAIL_MARKETING]
    notes = (*record.notes, "its mailbox takes no mail") if record.undeliverable else record.notes
    if not (record.mailboxes or record.phones or record.ids) and _holds_grant(said):
        said = {p: s for p, s in said.items() if s.word is not ConsentWord.GRANTED}
        notes = (*notes, "nobody can be told by a name alone: it grants nothing")
    return replace(record, said=said, looks=tuple(looks), notes=notes)


def _holds_grant(said: Mapping[Purpose, PurposeAnswer]) -> bool:
    return any(answer.word is ConsentWord.GRANTED for answer in said.values())


def _refuse_nobody(record: ListRecord, cells: Mapping[str, str], made: "_Cells") -> ListRecord:
    """Return the row, refused where it names nobody, or nobody for certain."""
    named = record.mailboxes or record.phones or record.ids
    if made.unreadable and not named:
        why = "; ".join((f"email is not an address: {made.unreadable[:80]}", *record.looks))
        return replace(record, refused=f"malformed: {why}")
    if named or record.names or record.fields.get("phone"):
        return record
    if any(map(is_device, cells.values())):
        return replace(record, refused="no_person: a device, without a mailbox")
    why = "only a company" if record.company else "no name, mailbox, number or id"
    return replace(record, refused=f"no_person: {why}")


class _Cells:
    """The cells of one row, read meaning by meaning; what is odd about them is collected."""

    def __init__(self, cells: Mapping[str, str], reading: ListReading) -> None:
        self.cells = cells
        self.reading = reading
        self.notes: list[str] = []
        self.shared: set[str] = set()
        self.unreadable = ""

    def _of(self, *meanings: str) -> Iterator[tuple[SheetColumn, str]]:
        for column in self.reading.columns.named(*meanings):
            if cell := self.cells.get(column.name, ""):
                yield column, cell

    def read_traits(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for column in self.reading.columns.columns:
            cell, word = self.cells.get(column.name, ""), column.meaning
            skipped = word in {*IDS, *_COMPANY, *_SILENT, "email", "notes", "tags"} or ":" in word
            if not cell or skipped:
                continue
            name = _TRAITS.get(word, word)
            if name in _NAMES and not is_name(cell):
                continue
            if name == "phone" and (is_spoiled(cell) or name in found):
                continue
            if name == "postcode" and not (cell := self._read_postcode(column.name, cell)):
                continue
            cell = tidy_number(cell) if name == "phone" else cell
            found.setdefault(name, _cut_prefix(cell, name, self.reading))
        return found

    def _read_postcode(self, column: str, cell: str) -> str:
        """Return a postcode as text; what a spreadsheet may have taken from it is noted."""
        if is_spoiled(cell):
            self.notes.append(f"{column} was rounded by a spreadsheet: left out")
            return ""
        country = next((cell for _, cell in self._of("country")), "")
        if doubt := doubt_postcode(cell, read_country(country)):
            self.notes.append(f"{column}: {doubt}")
        return tidy_number(cell)

    def read_mailboxes(self) -> tuple[str, ...]:
        found: list[str] = []
        for column, cell in self._of("email"):
            mailboxes, is_odd = find_mailboxes(cell)
            found += mailboxes
            if is_odd:
                self.unreadable = self.unreadable or cell
                self.notes.append(f'{column.name}: "{cell[:40]}" holds what is no address')
        return tuple(dict.fromkeys(mailbox.lower() for mailbox in found))

    def read_phones(self) -> tuple[str, ...]:
        export = self.reading.columns.export
        bare = export.prefixes.get("international", ()) if export else ()
        found: dict[str, bool] = {}
        for column, cell in self._of("phone"):
            if is_spoiled(cell):
                self.notes.append(f"{column.name}: {cell} was rounded by a spreadsheet: no number")
                continue
            for number, is_own in find_phones(tidy_number(cell), international=column.name in bare):
                found.setdefault(number, is_own)
        self.shared |= {
            f"phone:{squeeze_number(number)}" for number, is_own in found.items() if not is_own
        }
        return tuple(found)

    def read_ids(self) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for column, cell in self._of(*IDS):
            if column.name in self.reading.row_numbers:
                continue
            if is_spoiled(cell):
                self.notes.append(f"{column.name}: {cell} was rounded by a spreadsheet: no id")
                continue
            scoped = column.name not in self.reading.told
            if made := find_id(column, tidy_number(cell), self.reading.provenance, scoped=scoped):
                found.append(made)
        return tuple(dict.fromkeys(found))

    def read_company(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for column, cell in self._of(*_COMPANY):
            found.setdefault(_COMPANY[column.meaning], cell)
        return found

    def read_moment(self) -> datetime | None:
        """Return when the row was said: of a date and a time in two columns both."""
        text = " ".join(cell for _, cell in self._of("said_at"))
        return read_date(text, day_first=self.reading.day_first)


def _cut_prefix(cell: str, name: str, reading: ListReading) -> str:
    export = reading.columns.export
    for prefix in export.prefixes.get(name, ()) if export else ():
        cell = cell.removeprefix(prefix)
    return cell
