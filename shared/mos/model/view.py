"""What an answer looks like to people: blocks that a terminal, a page or a chat can draw."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from mos.model.base import Stored
from mos.model.plain_text import make_plain

Line = Annotated[str, AfterValidator(make_plain)]
"""One line, whoever wrote what stands in it: no sign of it steers a terminal or begins another."""
Cell = Line | int | float | bool | None
Cite = Annotated[Line, StringConstraints(min_length=1, max_length=1000)]
"""What a sentence rests on: a signal, a decision, a row of a table, a parameter, a record's id."""


class Said(Stored):
    """A sentence, and what it rests on. One that rests on nothing cannot be made."""

    kind: Literal["said"] = "said"
    text: Line = Field(min_length=1)
    cites: tuple[Cite, ...] = Field(min_length=1)

    @classmethod
    def of(cls, text: str, *cites: str) -> Self:
        """Return the sentence with its citations."""
        return cls(text=text, cites=cites)


class Rows(Stored):
    """A table; `more` counts the rows that follow, which `next_skip` shows where it says so."""

    kind: Literal["rows"] = "rows"
    title: Line
    columns: tuple[Line, ...] = Field(min_length=1)
    rows: tuple[tuple[Cell, ...], ...]
    more: int = Field(default=0, ge=0)
    next_skip: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"each row of {self.title!r} has {len(self.columns)} cells")
        return self


class Tree(Stored):
    """A label with more below it: an account, its groups, their people."""

    kind: Literal["tree"] = "tree"
    label: Line = Field(min_length=1)
    under: tuple["Tree", ...] = ()


class Bar(Stored):
    """One bar of a chart."""

    label: Line
    value: float = Field(allow_inf_nan=False)


class Chart(Stored):
    """Numbers that are easier looked at: bars of one unit."""

    kind: Literal["chart"] = "chart"
    title: Line
    unit: Line
    bars: tuple[Bar, ...]


Block = Annotated[Said | Rows | Tree | Chart, Field(discriminator="kind")]
View = tuple[Block, ...]
"""An answer from its first sentence on: what it comes to first, then what decided it."""
