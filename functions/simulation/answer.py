"""Answer what other layers ask of the simulation: a no is a value, and never retried."""

from collections.abc import Mapping
from typing import Any

from functions.simulation import questions
from functions.simulation.question import Question, Room
from mos import plugins
from mos.errors import BundleError, MissingError, RejectedError


def answer_question(name: str, about: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """Return what is found, or why nothing is: a no is a value, and never retried."""
    try:
        question = plugins.load(questions, name, "QUESTION", Question)
    except KeyError:
        known = ", ".join(plugins.names(questions))
        return _refuse("unknown_question", f"there is no question {name!r}: there are {known}")
    try:
        return {"ok": True, **question.answer(about, room)}
    except RejectedError as error:
        return _refuse(error.reason, error.detail)
    except MissingError as error:
        return _refuse("missing", str(error))
    except BundleError as error:
        return _refuse("malformed", str(error))


def _refuse(reason: str, detail: str) -> dict[str, Any]:
    return {"ok": False, "reason": reason, "detail": detail}
