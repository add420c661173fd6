"""What class of data a question holds: each of its fields says it for itself. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from pydantic.fields import FieldInfo

from mos.model.base import Noun


class DataClass(StrEnum):
    """How far data may go; each class holds more than the one before."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    RESTRICTED = "restricted"

    @property
    def rank(self) -> int:
        """Return its place, the least guarded first."""
        return list(DataClass).index(self)


@dataclass(frozen=True)
class Holds:
    """What a field of a question holds. A hidden one leaves as a placeholder, for any model."""

    data: DataClass
    hidden: bool = False


PUBLIC, INTERNAL = Holds(DataClass.PUBLIC), Holds(DataClass.INTERNAL)
PERSONAL, RESTRICTED = Holds(DataClass.PERSONAL), Holds(DataClass.RESTRICTED)
NAME = Holds(DataClass.PERSONAL, hidden=True)
"""Somebody's name: whoever answers has no need of it."""


def _find_mark(field: FieldInfo) -> Holds:
    marks = [mark for mark in field.metadata if isinstance(mark, Holds)]
    return marks[0] if marks else RESTRICTED


@cache
def read_marks(question: type[Noun]) -> dict[str, Holds]:
    """Return what each field of a question holds; one that says nothing is restricted."""
    return {name: _find_mark(field) for name, field in question.model_fields.items()}


def find_class(question: type[Noun]) -> DataClass:
    """Return the class of what a model gets to see: the highest of the fields that are not hidden.

    >>> find_class(Noun).value
    'public'
    """
    seen = [mark.data for mark in read_marks(question).values() if not mark.hidden]
    return max(seen, key=lambda one: one.rank, default=DataClass.PUBLIC)


def find_hidden(question: type[Noun]) -> frozenset[str]:
    """Return the fields that leave as placeholders."""
    return frozenset(name for name, mark in read_marks(question).items() if mark.hidden)
