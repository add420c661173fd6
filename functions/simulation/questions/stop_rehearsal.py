"""Have a rehearsal end before its next day."""

from collections.abc import Mapping
from typing import Any

from functions.simulation.question import Question, Room
from functions.simulation.repository import Findings
from mos.errors import MissingError


def answer(about: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """Return its progress as it is now; what is done already stays done.

    Raises:
        MissingError: the text is no rehearsal's id.
    """
    name = str(about.get("rehearsal", ""))
    if not name.startswith("reh_"):
        raise MissingError(f"rehearsal {name!r}")
    findings = Findings(room.archive(), name)
    found = findings.progress() or {"state": "running"}
    if found["state"] in {"running", "begun"}:
        findings.stop()
        found = found | {"state": "stopping"}
    return {"progress": found}


QUESTION = Question(answer)
