"""One change of a bundle, as somebody proposes it: a parameter, a row, or an example of a table."""

from typing import Any, Self

from pydantic import Field, model_validator

from mos.model.base import Noun

_LONGEST = 2_000


class Amendment(Noun):
    """Name a `parameter` and its new `value`; or a `table` and a `row`, and what it is to say.

    What a row does not state stays. A row that is not there yet is added: it needs `then` and
    `why`, and goes before the row that `before` names, else to the end. Without a row, `given` and
    `expect` state what the table is to say of some facts: the example of these facts is changed,
    or one is added, so that a changed rule changes its tests with it.
    """

    parameter: str = Field(
        default="", max_length=120, description="A parameter, such as holdout_percent."
    )
    value: Any = Field(default=None, description="The parameter's new value.")
    table: str = Field(default="", max_length=120, description="A table, such as routing/route.")
    row: str = Field(default="", max_length=120, description="A row's id, old or new.")
    when: dict[str, Any] | None = Field(
        default=None,
        description="All of the row's conditions, by fact, as the table writes them: "
        '{"account.employees": ">= 500", "group.stage": ["qualified"]}.',
    )
    then: dict[str, Any] | None = Field(
        default=None, description='All of the row\'s outputs: {"to": "ae", "pool": "pool_ae"}.'
    )
    why: str = Field(
        default="",
        max_length=_LONGEST,
        description="The row's or the value's reason, in a sentence.",
    )
    before: str = Field(
        default="", max_length=120, description="Of a new row: the row that it goes before."
    )
    remove: bool = Field(default=False, description="Take the row away.")
    given: dict[str, Any] | None = Field(
        default=None, description="Of an example: its facts, as the finding that fails names them."
    )
    expect: dict[str, Any] | None = Field(
        default=None, description='What the table is to say of them: {"to": "ae", "row": "large"}.'
    )

    @model_validator(mode="after")
    def _is_one_change(self) -> Self:
        if bool(self.parameter) is bool(self.table):
            raise ValueError("name a parameter or a table, one of them")
        if self.parameter and self.value is None:
            raise ValueError(f"{self.parameter}: state its value")
        if (self.given is None) is not (self.expect is None):
            raise ValueError(f"{self.place}: an example has given and expect")
        if self.table and bool(self.row) is (self.given is not None):
            raise ValueError(f"{self.table}: name a row, or given and expect, one of them")
        if self.remove and (self.when is not None or self.then is not None or self.before):
            raise ValueError(f"{self.table}#{self.row}: a row that is taken away states nothing")
        return self

    @property
    def place(self) -> str:
        """Return what is changed: a parameter's name, or `table#row`."""
        return self.parameter or f"{self.table}#{self.row}"
