"""What an answer looks like to people: blocks that a terminal, a page or a chat can draw."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from mos.model.base import Stored

Cell = str | int | float | bool | None
Cite = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""What a sentence rests on: a signal, a decision, a row of a table, a parameter, a record's id."""


class Said(Stored):
    """A sentence, and what it rests on. One that rests on nothing cannot be made."""

    kind: Literal["said"] = "said"
    text: str = Field(min_length=1)
    cites: tuple[Cite, ...] = Field(min_length=1)

    @classmethod
    def of(cls, text: str, *cites: str) -> Self:
        """Return the sentence with its citations."""
        return cls(text=text, cites=cites)


class Rows(Stored):
    """A table; `more` counts the rows that were left out."""

    kind: Literal["rows"] = "rows"
    title: str
    columns: tuple[str, ...] = Field(min_length=1)
    rows: tuple[tuple[Cell, ...], ...]
    more: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"each row of {self.title!r} has {len(self.columns)} cells")
        return self


class Tree(Stored):
    """A label with more below it: an account, its groups, their people."""

    kind: Literal["tree"] = "tree"
    label: str = Field(min_length=1)
    under: tuple["Tree", ...] = ()


class Bar(Stored):
    """One bar of a chart."""

    label: str
    value: float = Field(allow_inf_nan=False)


class Chart(Stored):
    """Numbers that are easier looked at: bars of one unit."""

    kind: Literal["chart"] = "chart"
    title: str
    unit: str
    bars: tuple[Bar, ...]


Block = Annotated[Said | Rows | Tree | Chart, Field(discriminator="kind")]
View = tuple[Block, ...]
"""An answer from its first sentence on: what it comes to first, then what decided it."""
