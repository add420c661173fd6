"""Simulation Lambda: a step of a rehearsal in, how far it has come out; a question, its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from functions.simulation.answer import answer_question
from functions.simulation.fan_out import Find, compare_piece, read_piece, sum_impact
from functions.simulation.question import Room
from functions.simulation.repository import Findings, Rewards
from functions.simulation.request import ExportPiece, RehearsalRequest
from mos.aws.bucket import bucket
from mos.aws.bundles import bundles
from mos.aws.exported import ExportedTable
from mos.aws.table import table
from mos.errors import MalformedError
from mos.ports import Bucket, Exports, Table
from mos.runtime import tally, wrap

_LONG = 2000
N = TypeVar("N", bound=BaseModel)


@dataclass(frozen=True)
class Desk:
    """What the steps work with."""

    archive: Bucket
    exports: Exports
    lessons: Table
    find: Find


def check(payload: dict[str, Any], desk: Desk) -> dict[str, Any]:
    """Return the rehearsal as asked, defaults filled in: before an export is paid for.

    Raises:
        MalformedError: something in it is no rehearsal.
        MissingError: a bundle was never published.
    """
    name = payload["name"]
    asked = _read(RehearsalRequest, {"rehearsal": name, "at": payload["at"]} | payload["asked"])
    if asked.rehearsal != name:
        # Names of executions are not given twice: what an earlier one found is never added up.
        raise MalformedError(f"rehearsal is {asked.rehearsal}: name the execution so, not {name}")
    for digest in (asked.candidate, asked.baseline):
        desk.find(digest)
    return asked.model_dump(mode="json")


def compare(payload: dict[str, Any], desk: Desk) -> dict[str, Any]:
    """Work on one piece of a file, keep what it shows, and say how far it went."""
    asked = _read(RehearsalRequest, payload["asked"])
    piece = _read(ExportPiece, {"file": payload["file"], "after": payload["after"]})
    lines = desk.exports.records(piece.file, "DECISION", piece.after)
    found = read_piece(lines, asked, piece)
    partial = compare_piece(found.decisions, asked, Rewards(desk.lessons).of, desk.find)
    Findings(desk.archive, asked.rehearsal).keep(piece, partial)
    tally(taken=partial.decisions, given=partial.compared, dropped=partial.left_out)
    return found.reached.model_dump(mode="json")


def note(payload: dict[str, Any], desk: Desk) -> dict[str, Any]:
    """Keep why a file could not be worked on, for `explain`."""
    asked, error = _read(RehearsalRequest, payload["asked"]), payload["error"]
    findings = Findings(desk.archive, asked.rehearsal)
    findings.note(payload["file"], str(error.get("Error", "")), str(error.get("Cause", "")))
    return {}


def combine(payload: dict[str, Any], desk: Desk) -> dict[str, Any]:
    """Add up what all files show, keep the report, and say where it is and what it says."""
    asked = _read(RehearsalRequest, payload["asked"])
    findings = Findings(desk.archive, asked.rehearsal)
    impact = sum_impact(findings.partials(), asked, desk.find)
    return {
        "report": findings.report(impact),
        "export": payload["export"],
        "decisions": impact.decisions,
        "compared": impact.compared,
        "summary": list(impact.summary),
        "broken": list(impact.broken),
    }


def explain(payload: dict[str, Any], desk: Desk) -> dict[str, Any]:
    """Return why a file failed: the map itself says only that one did."""
    asked, error = _read(RehearsalRequest, payload["asked"]), payload["error"]
    why = Findings(desk.archive, asked.rehearsal).failure()
    name, cause = why or (str(error.get("Error", "")), str(error.get("Cause", "")))
    return {"Error": name, "Cause": cause[:_LONG]}


STEPS: dict[str, Callable[[dict[str, Any], Desk], dict[str, Any]]] = {
    step.__name__: step for step in (check, compare, note, combine, explain)
}


def perform(payload: dict[str, Any], desk: Desk) -> dict[str, Any]:
    """Return what the step says.

    Raises:
        MalformedError: there is no such step.
    """
    step = STEPS.get(str(payload.get("step")))
    if step is None:
        raise MalformedError(f"no step {payload.get('step')!r}; there are {', '.join(STEPS)}")
    return step(payload, desk)


def _read(kind: type[N], given: Any) -> N:  # noqa: ANN401  JSON
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise MalformedError(f"not a rehearsal: {places}"[:_LONG]) from None


def _handle(payload: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001  Lambda's own types
    if "question" in payload:
        about = payload.get("about", {})
        room = Room(bundles().load, table, lambda: bucket("archive"))
        return answer_question(str(payload["question"]), about, room)
    archive = bucket("archive")
    find = bundles().load
    return perform(payload, Desk(archive, ExportedTable(archive), table("lessons"), find))


handler = wrap(_handle)
