"""What operators say in a story, asked of the same tools that agents and the command line ask."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from lab.play.companies import read_company_word
from lab.play.error import StoryLineError
from lab.play.lines import (
    AccountLine,
    EraseLine,
    Leaving,
    MergeLine,
    ReclassifyLine,
    SamePerson,
    SignalRef,
    Stop,
    StoryLine,
    SuppressLine,
    UndoLine,
    UnmergeLine,
)
from lab.play.query import find_decision, find_signals
from lab.system import InProcessSystem
from mos.errors import MissingError, RejectedError

Asked = tuple[str, Mapping[str, Any]]
"""A tool and its arguments."""


def consult(line: StoryLine, system: InProcessSystem, now: datetime) -> None:
    """Have an operator's tool put a line's word on the queue.

    Raises:
        StoryLineError: the tool refuses it: nobody has this name, or it cannot be.
    """
    word = read_company_word(line, now)
    if word is not None:
        system.put(word)
        return
    tool, arguments = _READ[type(line)](line, system)
    try:
        system.ask_tool(tool, arguments, now)
    except RejectedError as error:
        raise StoryLineError(f"{tool}: {error.detail}") from None
    except MissingError as error:
        raise StoryLineError(f"{tool}: {error}") from None


def _merge(line: MergeLine, _system: InProcessSystem) -> Asked:
    said = line.merge
    pair = said if isinstance(said, SamePerson) else SamePerson(left=said[0], right=said[1])
    return "merge", pair.model_dump()


def _unmerge(line: UnmergeLine, _system: InProcessSystem) -> Asked:
    said = line.unmerge
    if isinstance(said, Leaving):
        return "unmerge", said.model_dump()
    return "unmerge", {"subject": said[0], "identifiers": said[1:]}


def _erase(line: EraseLine, _system: InProcessSystem) -> Asked:
    return "privacy", {"subject": line.erase, "request": "erase"}


def _suppress(line: SuppressLine, _system: InProcessSystem) -> Asked:
    said = line.suppress
    stop = said if isinstance(said, Stop) else Stop(subject=said)
    return "privacy", {**stop.model_dump(), "request": "suppress"}


def _undo(line: UndoLine, system: InProcessSystem) -> Asked:
    decision = find_decision(line.undo, system)
    why = line.note or "of this story"
    return "undo", {"what": decision.decision_id, "confirm": True, "why": why[:200]}


def _reclassify(line: ReclassifyLine, system: InProcessSystem) -> Asked:
    said: SignalRef = line.reclassify
    found = [s for s in find_signals(said.subject, system) if s.kind is said.kind]
    place = len(found) if said.nth is None else said.nth
    if not 1 <= place <= len(found):
        raise StoryLineError(
            f"reclassify: {said.subject} has {len(found)} signals of kind {said.kind.value}"
        )
    return "reclassify", {
        "subject": said.subject, "signal_id": found[place - 1].signal_id,
        "actor": said.actor, "reason": said.reason,
    }  # fmt: skip


_READ: dict[type[StoryLine], Callable[[Any, InProcessSystem], Asked]] = {
    MergeLine: _merge,
    UnmergeLine: _unmerge,
    EraseLine: _erase,
    SuppressLine: _suppress,
    ReclassifyLine: _reclassify,
    UndoLine: _undo,
}
OPERATORS_LINES: tuple[type[StoryLine], ...] = (*_READ, AccountLine)
