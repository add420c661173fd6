"""Work on one piece of an export, and add up what all pieces show. Pure.

A piece ends after so many decisions, wherever in the file that is: however large a file is, one
call holds no more than a part's decisions at once, and a retry cuts the file in the same places.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, TypeGuard

from functions.simulation.columns.archive import Part
from functions.simulation.columns.line import Recorded
from functions.simulation.impact.compare import compare_part
from functions.simulation.impact.gather import PART_SIZE, PartSorter, count_unknown, read_reward
from functions.simulation.impact.partial import Partial
from functions.simulation.rehearse import rehearse
from functions.simulation.request import ExportPiece, RehearsalProgress, RehearsalRequest
from mos.errors import BundleError, MalformedError, MissingError
from mos.model.impact import Impact
from mos.policy.bundle.bundle import Bundle
from mos.ports import Record

MOST_LINES, MOST_TEXT = 2_000_000, 1_200_000_000
"""Lines read in one call, decisions or not, and characters of decisions: some hold far more."""
_NEEDED = ("decision_id", "account_id", "group_id", "bundle", "decided_at", "route", "segment")

Said = dict[str, Any]
Lines = Iterable[tuple[int, Record | None]]
Find = Callable[[str], Bundle]
Rewarded = Callable[[list[str]], AbstractSet[str]]


@dataclass(frozen=True)
class ReadPiece:
    """The decisions of a piece, and how far it goes."""

    decisions: list[Said]
    reached: RehearsalProgress


def read_piece(
    lines: Lines, asked: RehearsalRequest, piece: ExportPiece, most: int = PART_SIZE
) -> ReadPiece:
    """Return a piece's decisions within the asked days, as the ledger wrote them.

    The rule is that of the tool `decisions`: from the moment on that lies so many days back.

    Raises:
        MalformedError: a record holds no decision; the text names it.
    """
    since = asked.since.isoformat()
    found: list[Said] = []
    after, text = piece.after, 0
    for number, record in lines:
        after = number
        if _is_asked(record, since):
            found.append(_decision(record, piece))
            text += len(record.body)
        if len(found) >= most or text >= MOST_TEXT or number - piece.after >= MOST_LINES:
            return ReadPiece(
                found, RehearsalProgress(after=after, done=False, decisions=len(found))
            )
    return ReadPiece(found, RehearsalProgress(after=after, done=True, decisions=len(found)))


def _is_asked(record: Record | None, since: str) -> TypeGuard[Record]:
    """Say whether a record is a decision of the asked days."""
    if record is None or not record.pk.startswith("DECISION#"):
        return False
    return record.tags.get("decided_at", "") >= since


def _decision(record: Record, piece: ExportPiece) -> Said:
    """Return the decision less its candidates: they are most of it, and are made anew."""
    try:
        said: Said = json.loads(record.body)
        missing = [name for name in _NEEDED if name not in said]
    except (ValueError, TypeError) as error:
        raise MalformedError(f"{piece.file}: {record.pk} holds no decision: {error}") from None
    if missing:
        raise MalformedError(f"{piece.file}: {record.pk} has no {', '.join(missing)}")
    said.pop("candidates", None)
    return said


def compare_piece(
    given: Sequence[Said], asked: RehearsalRequest, rewarded: Rewarded, find: Find
) -> Partial:
    """Return what a piece's decisions show, with what came of each by then."""
    found = Partial()
    candidate, baseline = find(asked.candidate), find(asked.baseline)
    known = rewarded([str(decision["decision_id"]) for decision in given])
    sorted_ = PartSorter()
    for decision in given:
        for part in sorted_.add(Recorded(decision, read_reward(decision, known, asked.at))):
            found.add(_one(part, candidate, baseline, find))
    for part in sorted_.rest():
        found.add(_one(part, candidate, baseline, find))
    return found


def _one(part: Part, candidate: Bundle, baseline: Bundle, find: Find) -> Partial:
    try:
        base = find(part.bundle) if part.bundle else baseline
    except (BundleError, MissingError):
        return count_unknown(part)
    return compare_part(part, candidate, base)


def sum_impact(partials: Iterable[Partial], asked: RehearsalRequest, find: Find) -> Impact:
    """Return the report. Partials are added up in the order in which they come."""
    return rehearse(
        partials,
        find(asked.candidate),
        find(asked.baseline),
        made_at=asked.at,
        source=asked.source,
        accepted=asked.accepted,
    )
