"""Which change of what a table asks or says would no test notice?"""

from collections.abc import Mapping
from typing import Any

from functions.simulation.golden.trial import mutate_policy
from functions.simulation.question import Question, Room, open_bundle


def answer(about: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """Move what the named tables ask and say by a step."""
    found = mutate_policy(open_bundle(about, room), list(about.get("tables", ())), whole=False)
    return {"data": found.to_json(), "lines": found.lines()}


QUESTION = Question(answer)
