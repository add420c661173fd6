"""How far is a rehearsal, and what did it find?"""

from collections.abc import Mapping
from typing import Any

from functions.simulation.question import Question, Room
from functions.simulation.repository import Findings
from mos.errors import MissingError


def answer(about: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """Return its progress; once it is done, what it found in short.

    Raises:
        MissingError: none has begun under this id.
    """
    name = str(about.get("rehearsal", ""))
    found = Findings(room.archive(), name).progress() if name.startswith("reh_") else None
    if found is None:
        raise MissingError(
            f"rehearsal {name!r}: it has not begun yet (look again in some seconds), or never will"
        )
    return {"progress": found}


QUESTION = Question(answer)
