"""What a bundle changes that governs: the rows, parameters, actions and pages that decide. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.parameter import CODE, Parameter
from mos.policy.table.table import DecisionTable, Row

ROW, TABLE, PARAMETER, ACTION, CONTENT, PAGE = (
    "row", "table", "parameter", "action", "content", "page",
)  # fmt: skip
_MOST_ROWS = 50
_SPOKEN = frozenset({"why", "owner", "review_by"})
"""What people read, and nothing decides by."""
_GATED_ELSEWHERE = ("evals/", "models/", "prompts/", "tasks/", "agents/")
_PROOF = ("tests/", "golden/")
_NOTES = ("bundle.toml",)


@dataclass(frozen=True)
class Touched:
    """One thing that differs and governs, by its kind and its name: `routing/route#ready`."""

    kind: str
    name: str


@lru_cache(maxsize=4)
def list_touched(old: Bundle, new: Bundle) -> tuple[Touched, ...]:
    """Return what a new bundle changes of the old one that decisions can come to depend on.

    Reasons, owners, dates of review, tests and notes are none of it. What agents may is compared by
    `loosened`, what models are asked by their own evaluations. A table of which more than fifty
    rows differ counts as a whole.
    """
    return tuple(dict.fromkeys([*_parameters(old, new), *_tables(old, new), *_pages(old, new)]))


def _parameters(old: Bundle, new: Bundle) -> Iterator[Touched]:
    for name in sorted(old.parameters.keys() | new.parameters.keys()):
        before, after = old.parameters.get(name), new.parameters.get(name)
        if _governs(before) != _governs(after):
            yield Touched(PARAMETER, name)


def _governs(parameter: Parameter | None) -> Any:  # noqa: ANN401  what is compared
    if parameter is None or parameter.read_by != CODE:
        return None
    overrides = [(one.level, one.of, one.value) for one in parameter.override]
    return parameter.value, overrides


def _tables(old: Bundle, new: Bundle) -> Iterator[Touched]:
    before, after = set(old.names("tables")), set(new.names("tables"))
    for name in sorted(n for n in before | after if "+" not in n):
        # Another department's rows stand in the table that they are added to.
        if name in before and name in after:
            yield from _table(name, old.page(name), new.page(name))
        else:
            yield Touched(TABLE, name)


def _table(name: str, old: DecisionTable, new: DecisionTable) -> Iterator[Touched]:
    if _frame(old) != _frame(new):
        yield Touched(TABLE, name)
        return
    before, after = _rows(old), _rows(new)
    differ = [i for i in dict.fromkeys((*before, *after)) if before.get(i) != after.get(i)]
    if len(differ) > _MOST_ROWS:
        yield Touched(TABLE, name)
        return
    yield from (Touched(ROW, f"{name}#{row}") for row in differ)
    if [r for r in before if r in after] != [r for r in after if r in before]:
        yield Touched(TABLE, name)


def _frame(page: DecisionTable) -> tuple[Any, ...]:
    """Return what holds for a table as a whole."""
    return page.hit, page.default, page.columns, page.outputs, page.deny_unknown, page.single


def _rows(page: DecisionTable) -> dict[str, tuple[Any, ...]]:
    return {row.id: _row(row) for row in page.rows}


def _row(row: Row) -> tuple[Any, ...]:
    then = {name: value for name, value in row.then.items() if name not in _SPOKEN}
    return row.when, then, row.lets_unknown


def _pages(old: Bundle, new: Bundle) -> Iterator[Touched]:
    told = ("parameters/", "tables/", *_GATED_ELSEWHERE, *_PROOF)
    for file in sorted(old.files.keys() | new.files.keys()):
        if old.files.get(file) == new.files.get(file) or file.startswith(told) or file in _NOTES:
            continue
        folder, _, rest = file.partition("/")
        name = rest.rpartition(".")[0]
        one, other = (_page(bundle, file) for bundle in (old, new))
        if one != other:
            kind = {"actions": ACTION, "content": CONTENT}.get(folder, PAGE)
            yield Touched(kind, name if kind == ACTION else f"{folder}/{name}")


def _page(bundle: Bundle, file: str) -> Any:  # noqa: ANN401  what is compared
    """Return what a page says, less what only people read; text as it stands."""
    if file not in bundle.files or not file.endswith(".toml"):
        return bundle.files.get(file)
    said: Mapping[str, Any] = bundle.settings(file)
    return {name: value for name, value in said.items() if name not in _SPOKEN}
