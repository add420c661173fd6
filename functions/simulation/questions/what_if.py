"""What would have been decided, had some facts been others?"""

from collections.abc import Mapping
from typing import Any

from functions.simulation.question import Question, Room, open_record
from functions.simulation.replay.assumption import parse_facts
from functions.simulation.replay.counterfactual import decide_otherwise


def answer(about: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """Return the decision before and after, with what else followed."""
    kept = open_record(about, room)
    found = decide_otherwise(kept, parse_facts(list(about.get("facts", ())), kept.bundle))
    return {"lines": found.lines, "data": found.data}


QUESTION = Question(answer)
