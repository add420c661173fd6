"""Move what a table says or a parameter states by a step: what does no test notice? Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from mos.policy.analysis.mutate import Mutant, step_by
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.example import examples_of, seen
from mos.policy.bundle.parameter import CODE, Parameter
from mos.policy.bundle.parameter_example import parameter_examples, resolved
from mos.policy.table.answer import Answer
from mos.policy.table.engine import CompiledTable, FactError
from mos.policy.table.table import DecisionTable, Example, Hit, Row

OUTPUT, PARAMETER = "output", "parameter"
DEFAULT = "default"
Asked = Sequence[tuple[Example, Answer]]


def output_mutants(
    bundle: Bundle, name: str, notice: Callable[[CompiledTable], bool] = lambda _: False
) -> list[Mutant]:
    """Return every mutant of what a table's rows, and its default, say.

    A number goes a step up and down, a truth turns round, a word becomes the next one that the
    table says under that output. `notice` says whether another test sees it.
    """
    table, compiled = bundle.page(name), bundle.table(name)
    asked = [(e, a) for e in examples_of(bundle, name) if (a := _ask(compiled, e)) is not None]
    found = []
    for row_id, then in _said(table):
        for output, before, after in moved_outputs(then, table):
            noticed = any(_notices(pair, row_id, output, after, compiled) for pair in asked)
            if not noticed:
                noticed = notice(CompiledTable(with_output(table, row_id, output, after)))
            found.append(Mutant(name, row_id, output, before, after, noticed, OUTPUT))
    return found


def parameter_mutants(
    bundle: Bundle, notice: Callable[[Bundle], bool] = lambda _: False
) -> list[Mutant]:
    """Return every mutant of the numbers and truths that code reads, those of overrides, too."""
    examples, found = parameter_examples(bundle), []
    for name, parameter in sorted(bundle.parameters.items()):
        if parameter.read_by != CODE or parameter.same_as is not None:
            continue
        for place, before, after, moved in _moved(parameter):
            view = copy(bundle)
            view.__dict__["parameters"] = bundle.parameters | {name: moved}
            about = [e for e in examples if name in e.expect]
            noticed = any(resolved(e, view) != e.expect for e in about) or notice(view)
            found.append(Mutant("parameters", name, place, before, after, noticed, PARAMETER))
    return found


def moved_outputs(then: Mapping[str, Any], table: DecisionTable) -> Iterator[tuple[str, Any, Any]]:
    """Yield each output with what it says and what it would say."""
    for output, value in then.items():
        for after in _steps(value, _words(table, output)):
            yield output, value, after


def with_output(table: DecisionTable, row_id: str, output: str, value: Any) -> DecisionTable:  # noqa: ANN401  any output
    """Return the table with one row, or its default, saying something else."""
    if row_id == DEFAULT:
        return replace(table, default={**table.default, output: value})
    rows = tuple(
        replace(row, then={**row.then, output: value}) if row.id == row_id else row
        for row in table.rows
    )
    return replace(table, rows=rows)


def _said(table: DecisionTable) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from ((row.id, row.then) for row in table.rows)
    # Another department's rows are joined to a table that has a default of its own.
    if table.hit is not Hit.ALL and "+" not in table.name:
        yield DEFAULT, table.default


def _words(table: DecisionTable, output: str) -> list[str]:
    said = [then.get(output) for then in (*(row.then for row in table.rows), table.default)]
    return list(dict.fromkeys(word for word in said if isinstance(word, str)))


def _steps(value: Any, words: list[str]) -> Iterator[Any]:  # noqa: ANN401  any output
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        whole = isinstance(value, int)
        yield from (int(n) if whole else n for n in (step_by(value, -1), step_by(value, 1)))
    elif isinstance(value, str) and len(words) > 1:
        yield words[(words.index(value) + 1) % len(words)]


def _ask(compiled: CompiledTable, example: Example) -> Answer | None:
    try:
        return compiled.evaluate(example.given)
    except FactError:
        return None


def _notices(
    pair: tuple[Example, Answer],
    row_id: str,
    output: str,
    value: Any,  # noqa: ANN401  any output
    compiled: CompiledTable,
) -> bool:
    """Say whether an example that holds would fail: its answer is patched, not worked out again."""
    example, answer = pair
    every = compiled.table.hit is Hit.ALL
    if row_id not in ([row.id for row in answer.rows] if every else [answer.row_id]):
        return False

    def patched(row: Row) -> Row:
        return replace(row, then={**row.then, output: value}) if row.id == row_id else row

    other = Answer(
        row=patched(answer.row) if answer.row else None,
        index=answer.index,
        output={**answer.output, output: value},
        rows=tuple(map(patched, answer.rows)),
        hinges_on=answer.hinges_on,
    )
    return seen(other, compiled, example.expect) != seen(answer, compiled, example.expect)


def _moved(parameter: Parameter) -> Iterator[tuple[str, Any, Any, Parameter]]:
    """Yield a parameter with its value, or that of one override, moved by a step."""
    for after in _steps(parameter.value, []):
        yield "", parameter.value, after, parameter.model_copy(update={"value": after})
    for place, one in enumerate(parameter.override):
        for after in _steps(one.value, []):
            others = list(parameter.override)
            others[place] = one.model_copy(update={"value": after})
            moved = parameter.model_copy(update={"override": tuple(others)})
            yield f"{one.level.value} {one.of}", one.value, after, moved
