"""Is a decision the same to the bit when it is made again from its record?"""

from collections.abc import Mapping
from typing import Any

from functions.simulation.question import Question, Room, open_record
from functions.simulation.replay.exact import replay_exactly


def answer(about: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """Return whether it is, and every place where it is not."""
    found = replay_exactly(open_record(about, room))
    data = {
        "decision_id": found.decision.decision_id,
        "bundle": found.decision.bundle,
        "same": not found.apart and not found.decision.erased,
        "whole": found.whole,
        "differences": list(found.apart),
    }
    return {"lines": found.lines, "data": data}


QUESTION = Question(answer)
