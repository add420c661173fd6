"""At whose desk the tools of this request are answered, and what keeps its calls."""

from collections.abc import Mapping
from contextvars import ContextVar

from functions.agent.reception import Note
from functions.agent.tool import Desk

DESK: ContextVar[Desk] = ContextVar("desk")
NOTE: ContextVar[Note] = ContextVar("note")
ENDS: ContextVar[list[str]] = ContextVar("ends")
"""How the calls of this request ended, as the audit has it."""


def take_seat(desk: Desk, note: Note) -> None:
    """Have what follows answered at a desk, and each call kept."""
    ends: list[str] = []

    def keep(tool: str, arguments: Mapping[str, object], end: str) -> None:
        ends.append(end)
        note(tool, arguments, end)

    DESK.set(desk)
    NOTE.set(keep)
    ENDS.set(ends)
