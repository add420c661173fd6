"""Bring in a list as `mos import` does: read it, look for known people, send it at the door."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from functions.webhook.list_door import rehearse_door
from lab.play.error import StoryLineError
from lab.play.lines import DoorLine, ListFile
from mos.errors import MalformedError
from mos.identity.lists import plan
from mos.identity.lists.likely import find_likely
from mos.identity.lists.plan import RowOutcome
from mos.identity.lists.sheet import read_sheet
from mos.identity.rules import rules_of
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle

DOOR = "lists"


@dataclass(frozen=True)
class ListImport:
    """What a list sends, and the rows that are refused before anything is sent."""

    lines: tuple[DoorLine, ...]
    refused: tuple[RowOutcome, ...]


def prepare_import(
    asked: str | ListFile, folder: Path, people: list[Profile], bundle: Bundle, at: datetime
) -> ListImport:
    """Return the requests of a list. It says what it says at that moment, whenever it was saved.

    Raises:
        StoryLineError: the file or its columns cannot be read, or something is asked first.
    """
    wanted = ListFile(file=asked) if isinstance(asked, str) else asked
    path = folder / wanted.file
    name = wanted.list or path.stem
    try:
        sheet = read_sheet(path, wanted.map)
    except MalformedError as error:
        raise StoryLineError(f"import: {error}") from None
    if sheet.questions:
        open_ones = "; ".join(
            f"{q.column}: {q.why} ({', '.join(q.choices)})" for q in sheet.questions
        )
        raise StoryLineError(f'import: answer with "map" first: {open_ones}')
    door = rehearse_door(name, wanted.provenance, at)
    made = plan.read_rows(sheet, door, wanted.provenance, rules_of(bundle), at)
    likely = find_likely(made.rows, people, bundle)
    bodies = [plan.add_claim(row, likely.get(row.line)) for row in made.rows]
    requests = plan.build_requests(bodies, name, wanted.provenance)
    lines = [DoorLine(at=at, source=DOOR, body=body.decode()) for body in requests]
    return ListImport(tuple(lines), tuple(made.refused))
