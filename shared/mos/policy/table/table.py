"""A decision table: typed columns, a hit policy, rows, and the examples that it carries."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mos.policy.table.condition import ColumnType, Condition


class Hit(StrEnum):
    """Which of the rows that hold decide."""

    FIRST = "first"
    ALL = "all"
    DENY_OVERRIDES = "deny-overrides"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: conditions by column, outputs, why it is there, and which department wrote it.

    `lets_unknown` says that its owner means it to let through what is not known.
    """

    id: str
    when: dict[str, Condition]
    then: dict[str, Any]
    why: str
    owner: str = ""
    lets_unknown: bool = False

    @property
    def cells(self) -> dict[str, str]:
        """Return the cells as one would say them."""
        return {column: condition.said for column, condition in self.when.items()}


@dataclass(frozen=True)
class Example:
    """What the table must answer: `expect` names the outputs that matter.

    `file` and `number` say where it stands.
    """

    given: dict[str, Any]
    expect: dict[str, Any]
    why: str = ""
    file: str = field(default="", compare=False)
    number: int = field(default=0, compare=False)


@dataclass(frozen=True)
class DecisionTable:
    """One page of policy. `default` is the output when no row holds.

    An empty default that the page states says that no answer is an answer. Where all rows decide,
    `single` names outputs on which rows that hold together must agree.
    """

    name: str
    file: str
    why: str
    hit: Hit
    columns: dict[str, ColumnType]
    outputs: dict[str, ColumnType]
    rows: tuple[Row, ...]
    default: dict[str, Any] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    deny_unknown: bool = False
    owner: str = ""
    single: tuple[str, ...] = ()
    states_default: bool = True
