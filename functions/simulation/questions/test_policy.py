"""Do a bundle's examples and golden decisions hold, and which rows does none reach?"""

from collections.abc import Mapping
from typing import Any

from functions.simulation.golden.trial import try_policy
from functions.simulation.question import Question, Room, open_bundle


def answer(about: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """Return what fails and what nothing reaches, of the tables that are named or of all."""
    bundle = open_bundle(about, room)
    named = list(about.get("tables", ()))
    found = try_policy(bundle, named or bundle.names("tables"), whole=not named)
    return {"data": found.to_json(), "lines": found.lines(), "failed": found.failed}


QUESTION = Question(answer)
