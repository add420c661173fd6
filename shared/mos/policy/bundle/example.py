"""Run the examples that a table carries, and the test files beside it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mos.errors import BundleError
from mos.policy.bundle.bundle import Bundle
from mos.policy.table.engine import Answer, CompiledTable, FactError
from mos.policy.table.page import parse_examples
from mos.policy.table.table import Example


@dataclass(frozen=True)
class Failure:
    """An example that the table answers otherwise; `file` is where the example stands."""

    table: str
    given: dict[str, Any]
    expect: dict[str, Any]
    found: dict[str, Any]
    why: str = ""
    file: str = ""

    @property
    def because(self) -> str:
        """Return why it was written, where it says so."""
        return f": {self.why}" if self.why else ""


@dataclass(frozen=True)
class Coverage:
    """Which rows of a table some example reaches: they decide, or hold where all rows decide."""

    table: str
    rows: tuple[str, ...]
    reached: frozenset[str] = field(default=frozenset())

    @property
    def missed(self) -> list[str]:
        """Return the rows that no example reaches."""
        return [row for row in self.rows if row not in self.reached]


def examples_of(bundle: Bundle, name: str) -> tuple[Example, ...]:
    """Return a table's own examples, and those of `tests/<name>.toml` and `tests/<name>-….toml`.

    Raises:
        BundleError: a test file is wrong.
    """
    found = list(bundle.page(name).examples)
    for test in bundle.names("tests"):
        if test == name or test.startswith(f"{name}-"):
            file = f"tests/{test}.toml"
            page = bundle.settings(file)
            if strange := sorted(set(page) - {"why", "example"}):
                raise BundleError(file, f"unknown key {strange[0]!r}; a test has why and example")
            found += parse_examples(file, page.get("example", []))
    return tuple(found)


def run_examples(bundle: Bundle, name: str) -> list[Failure]:
    """Return the examples of a table that fail. `row` in `expect` names the deciding row.

    Raises:
        BundleError: the table is wrong, or an example gives a fact of another type.
    """
    compiled = bundle.table(name)
    failures = []
    for example, answer in _answers(compiled, examples_of(bundle, name)):
        found = seen(answer, compiled, example.expect)
        if found != example.expect:
            failures.append(
                Failure(name, example.given, example.expect, found, example.why, example.file)
            )
    return failures


def coverage(bundle: Bundle, name: str) -> Coverage:
    """Return which rows the examples of a table reach."""
    compiled = bundle.table(name)
    reached = {
        row.id for _, answer in _answers(compiled, examples_of(bundle, name)) for row in answer.rows
    }
    return Coverage(name, tuple(row.id for row in compiled.table.rows), frozenset(reached))


def _answers(
    compiled: CompiledTable, examples: tuple[Example, ...]
) -> Iterator[tuple[Example, Answer]]:
    for example in examples:
        try:
            yield example, compiled.evaluate(example.given)
        except FactError as error:
            raise BundleError(example.file, f"example {example.number}: {error}") from None


def seen(answer: Answer, compiled: CompiledTable, expect: dict[str, Any]) -> dict[str, Any]:
    """Return what an example names, as the table answers it.

    `row#output` is what one of the rows that hold says: where all of them do, each says its own.
    """
    found: dict[str, Any] = {}
    for key in expect:
        if key == "row":
            found[key] = answer.row_id
        elif key == "rows":
            found[key] = [row.id for row in answer.rows]
        elif key == "hinges_on":
            found[key] = list(answer.hinges_on)
        elif "#" in key:
            row_id, _, output = key.partition("#")
            held = {row.id: row.then for row in answer.rows}
            found[key] = held.get(row_id, {}).get(output)
        else:
            found[key] = {**compiled.table.default, **answer.output}.get(key)
    return found
