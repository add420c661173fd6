"""Which other routes would one or two other facts have led to?"""

from collections.abc import Mapping
from typing import Any

from functions.simulation.question import Question, Room, open_record
from functions.simulation.replay.flip import Flips
from functions.simulation.replay.why_not import find_near_routes


def answer(about: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """Return each route that is near, with the smallest change of facts that leads to it."""
    found = find_near_routes(open_record(about, room))
    return {"routes": [_describe(to, flips) for to, flips in found.items()]}


def _describe(to: str, flips: Flips) -> dict[str, Any]:
    facts = flips.found[0].facts if flips.found else {}
    return {"to": to, "said": flips.said, "facts": facts, "tried": flips.tried, "cases": flips.of}


QUESTION = Question(answer)
