"""Why was somebody not given an action, and what would have turned it?"""

from collections.abc import Mapping
from typing import Any

from functions.simulation.question import Question, Room, open_record
from functions.simulation.replay.why_not import explain_why_not


def answer(about: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """Return each treatment's fate, what was chosen instead, and the smallest flip."""
    found = explain_why_not(open_record(about, room), str(about.get("action", "")))
    return {"lines": found.lines, "data": found.data}


QUESTION = Question(answer)
