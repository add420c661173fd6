"""A list as it is on the disk: its table, what its columns mean, and what its name says. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from mos.errors import MalformedError
from mos.identity.lists.answers import ConsentWord, PurposeAnswer
from mos.identity.lists.list_record import ListRecord
from mos.model.consent import Purpose
from mos.sheet.answer import CellAnswer, read_answer
from mos.sheet.column import (
    IGNORE,
    Question,
    SheetColumns,
    is_known_heading,
    is_person_heading,
    read_columns,
)
from mos.sheet.consent_heading import Effect
from mos.sheet.encoding import LARGEST
from mos.sheet.file_name import FileStatus, read_file_name
from mos.sheet.status_column import ask_by_cells
from mos.sheet.table import ENCODING, SheetRow, read_table

FILE_NAME = "(file name)"
"""What stands for a column where a name or a title says who may not be written to."""
WITHDRAWS = "withdraws"
"""How it is said that a name which denies itself ("not unsubscribed") takes away all the same."""


@dataclass(frozen=True)
class Sheet:
    """A file's header, its rows, what its columns mean, what is open, and when it was changed."""

    header: list[str]
    rows: list[SheetRow]
    notes: list[str]
    changed_at: datetime
    columns: SheetColumns
    questions: tuple[Question, ...]
    mapped: Mapping[str, str]
    status: FileStatus | None = None
    titled: Mapping[int, FileStatus] = field(default_factory=dict)
    """What the title of a row's table says, by line."""

    def apply_name(self, record: ListRecord) -> ListRecord:
        """Return a row with what a name or a title says of it: it takes, and never gives."""
        if record.refused:
            return record
        if self.status:
            record = _apply(self.status, record, f"the file's name says {self.status.word}")
        if title := self.titled.get(record.line):
            record = _apply(title, record, f"the title of its table says {title.word}")
        return record


def _apply(status: FileStatus, record: ListRecord, note: str) -> ListRecord:
    said = dict(record.said)
    for purpose in status.purposes:
        before = said.get(purpose)
        if before is None or before.word is not ConsentWord.WITHDRAWN:
            said[purpose] = PurposeAnswer(ConsentWord.WITHDRAWN)
    mail = said.get(Purpose.EMAIL_MARKETING)
    if status.undeliverable and mail and mail.word is not ConsentWord.WITHDRAWN:
        del said[Purpose.EMAIL_MARKETING]
    dead = record.undeliverable or status.undeliverable
    return replace(record.answering(said, note), undeliverable=dead)


def read_sheet(path: Path, mapped: Mapping[str, str]) -> Sheet:
    """Return a list in any usual encoding and separator; `mapped` answers what is asked about it.

    Raises:
        MalformedError: the file as a whole cannot be read, or a mapping is wrong; says why.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise MalformedError(f"{path} is larger than {LARGEST // 1_000_000} MB: split it")
        raw = path.read_bytes()
        changed = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    except OSError as error:
        raise MalformedError(f"{path}: {error.strerror}") from None
    try:
        return open_sheet(raw, path.name, mapped, changed)
    except MalformedError as error:
        raise MalformedError(f"{path}: {error}") from None


def open_sheet(raw: bytes, name: str, mapped: Mapping[str, str], changed: datetime) -> Sheet:
    """Return a list from its bytes.

    Raises:
        MalformedError: it cannot be read, or a mapping is wrong; says why.
    """
    word = mapped.get(FILE_NAME, "")
    if word not in {"", IGNORE, WITHDRAWS}:
        raise MalformedError(f'"{FILE_NAME}" can be mapped to {IGNORE} or {WITHDRAWS} only')
    asked = mapped.get(ENCODING, "")
    table = read_table(raw, is_known_heading, asked, is_person=is_person_heading)
    told = {column: word for column, word in mapped.items() if column not in {ENCODING, FILE_NAME}}
    columns = read_columns(table.header, told)
    if all(column.meaning == IGNORE for column in columns.columns):
        raise MalformedError(
            f"no column has a name that is known ({', '.join(table.header)}): "
            "say what they hold with --map column=meaning"
        )
    # A column that says it row by row knows better than the name of the file.
    says_it = any(c.effect in {Effect.WITHDRAWS, Effect.EITHER} for c in columns.columns)
    named = {} if says_it or word == IGNORE else _read_names(name, table.rows)
    denied = [text for text, status in named.items() if status.denied and word != WITHDRAWS]
    status = None if name in denied else named.get(name)
    titled = {r.line: named[r.title] for r in table.rows if r.title in named.keys() - {*denied}}
    columns, more = ask_by_cells(columns, table.rows, list(told))
    questions = [*_ask_encoding(table.rivals, table.encoding), *columns.questions, *more]
    questions += _ask_private(table.rows, columns, told)
    questions += [_ask_name(text, named[text]) for text in denied[:1]]
    return Sheet(
        table.header, table.rows, table.notes, changed, columns, tuple(questions), told, status,
        titled,
    )  # fmt: skip


def _read_names(name: str, rows: list[SheetRow]) -> dict[str, FileStatus]:
    """Return what the file's name says, and what the titles of its tables do, by their text."""
    texts = dict.fromkeys([name, *(row.title for row in rows if row.title)])
    return {text: status for text in texts if (status := read_file_name(text))}


def _ask_name(text: str, status: FileStatus) -> Question:
    why = (
        f'"{text[:80]}" speaks of {status.word}, and perhaps not of everybody: may they be reached?'
    )
    return Question(FILE_NAME, why, (IGNORE, WITHDRAWS))


def _ask_encoding(rivals: tuple[str, ...], encoding: str) -> list[Question]:
    if not rivals:
        return []
    why = f"it is not certain how the file writes its letters: read as {encoding}, or as another"
    return [Question(ENCODING, why, (encoding, *rivals))]


def _ask_private(
    rows: list[SheetRow], columns: SheetColumns, told: Mapping[str, str]
) -> list[Question]:
    """Ask about cards that their owner has marked as private, where there are any."""
    found = []
    for column in columns.named("private"):
        marked = [
            row.line
            for row in rows
            if read_answer(row.cells.get(column.name, "")) is CellAnswer.YES
        ]
        if marked and column.name not in told:
            cards = f"{len(marked)} cards are marked as private, the first on line {marked[0]}"
            why = f"{cards}: are they brought in?"
            found.append(Question(column.name, why, (IGNORE, "private")))
    return found
