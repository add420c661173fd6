"""At whose desk the tools of this request are answered, and what keeps its calls."""

from contextvars import ContextVar

from functions.agent.reception import Note
from functions.agent.tool import Desk

DESK: ContextVar[Desk] = ContextVar("desk")
NOTE: ContextVar[Note] = ContextVar("note")


def take_seat(desk: Desk, note: Note) -> None:
    """Have what follows answered at a desk, and each call kept."""
    DESK.set(desk)
    NOTE.set(note)
