"""One change of a bundle, as somebody proposes it: a parameter, a row, or an example of a table."""

from typing import Any, Self

from pydantic import Field, model_validator

from mos.model.base import Noun

_LONGEST = 2_000
_DEEPEST, _MOST = 4, 500


def _check_writable(where: str, value: Any, depth: int) -> None:  # noqa: ANN401  any JSON
    """Refuse what a page cannot say: nothing within something, text that is no text, what is huge.

    Raises:
        ValueError: it cannot be written; the text says where.
    """
    if value is None:
        raise ValueError(f"{where}: null cannot be written: leave it out")
    if isinstance(value, str):
        if len(value) > _LONGEST:
            raise ValueError(f"{where}: at most {_LONGEST} characters")
        if not value.isprintable():
            raise ValueError(f"{where}: one line of printable text")
        return
    if not isinstance(value, dict | list | tuple):
        return
    if depth == 0 or len(value) > _MOST:
        raise ValueError(f"{where}: at most {_DEEPEST} levels, and {_MOST} entries of each")
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, one in inner:
        _check_writable(where, str(name), 1)
        _check_writable(where, one, depth - 1)


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
        if self.parameter and (self.row or self.states_row or self.is_example):
            raise ValueError(f"{self.parameter}: a parameter has a value and a why, nothing else")
        if (self.given is None) is not (self.expect is None):
            raise ValueError(f"{self.place}: an example has given and expect")
        if self.table and bool(self.row) is self.is_example:
            raise ValueError(f"{self.table}: name a row, or given and expect, one of them")
        if self.is_example and self.states_row:
            raise ValueError(f"{self.table}: an example has given and expect, nothing else")
        if self.remove and (self.when is not None or self.then is not None or self.before):
            raise ValueError(f"{self.place}: a row that is taken away states nothing")
        return self

    @model_validator(mode="after")
    def _can_be_written(self) -> Self:
        for name in ("value", "when", "then", "given", "expect"):
            if (stated := getattr(self, name)) is not None:
                _check_writable(f"{self.place}: {name}", stated, _DEEPEST)
        _check_writable(f"{self.place}: why", self.why, 1)
        return self

    @property
    def is_example(self) -> bool:
        """Say whether it states an example of a table."""
        return self.given is not None

    @property
    def states_row(self) -> bool:
        """Say whether it states anything of a row."""
        said = self.when is not None or self.then is not None or bool(self.before)
        return said or self.remove

    @property
    def place(self) -> str:
        """Return what is changed: a parameter's name, or `table#row`."""
        return self.parameter or f"{self.table}#{self.row}"
