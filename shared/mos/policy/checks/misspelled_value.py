"""Values that no table can give, and outputs that look misspelled. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import SequenceMatcher, get_close_matches

from mos.policy.bundle.bundle import Bundle
from mos.policy.check import ERROR, WARNING, Check, Flaw
from mos.policy.fact_values import FactValues, known_values, levels_of
from mos.policy.table.condition import ColumnType
from mos.policy.table.table import DecisionTable, Row

_OF_SUBJECT = ("subject.stage", "model.stage")
_OF_CRM = ("crm.stage", "lifecycle/crm")
_NEARLY = 0.85
_MOST_VALUES = 200


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield each cell that asks for what nothing gives: an error where that is surely a mistake.

    Nobody can have a stage, a tier or a route that no table gives. Other words may come from
    elsewhere, too, and an output may be meant that looks like another: these want a second look.

    Raises:
        BundleError: a table or a parameter is wrong.
    """
    known = known_values(bundle)
    for page, rows in _pages(bundle):
        for row in rows:
            for text, sure in _cells(page, row, known):
                yield Flaw(page.file, text, ERROR if sure else WARNING)
        yield from (Flaw(page.file, text, WARNING) for text in _nearly(page, rows))


def _pages(bundle: Bundle) -> Iterator[tuple[DecisionTable, tuple[Row, ...]]]:
    """Yield each page with the rows that stand in it: another department's stand in its own."""
    names = bundle.names("tables")
    for name in names:
        page = bundle.page(name)
        joined = sum(len(bundle.page(n).rows) for n in names if n.startswith(f"{name}+"))
        yield page, page.rows[: len(page.rows) - joined]


def _cells(
    page: DecisionTable, row: Row, known: dict[str, FactValues]
) -> Iterator[tuple[str, bool]]:
    for column, cell in row.when.items():
        can = (
            _stages(row, known)
            if column in _OF_SUBJECT or (column, page.name) == _OF_CRM
            else known.get(column)
        )
        if can is None:
            continue
        for value in sorted(map(str, (cell.any_of | cell.none_of) - can.values)):
            text = f"row {row.id}, column {column}: nothing gives {value!r}"
            yield text + _hint(value, can.values), can.sure
    if page.name == "lifecycle/crm_stage" and (stage := row.then.get("stage")):
        can = _stages(row, known)
        if can and stage not in can.values:
            yield f"row {row.id}: there is no stage {stage!r}" + _hint(stage, can.values), True


def _stages(row: Row, known: dict[str, FactValues]) -> FactValues | None:
    found = [
        known[f"{level.value}.stage"] for level in levels_of(row) if f"{level.value}.stage" in known
    ]
    return (
        FactValues(frozenset().union(*(one.values for one in found)), sure=True) if found else None
    )


def _nearly(page: DecisionTable, rows: Iterable[Row]) -> Iterator[str]:
    """Yield what one row alone says, where other rows say nearly that."""
    for name in (n for n, kind in page.outputs.items() if kind is ColumnType.TEXT):
        said = [(row, str(row.then[name])) for row in rows if row.then.get(name)]
        counts = Counter(value for _, value in said)
        if len(counts) > _MOST_VALUES:
            continue
        for row, value in ((row, value) for row, value in said if counts[value] == 1):
            for other in counts:
                # Of two that are said once, the later row's is the one to look at.
                first = counts[other] == 1 and _place(said, other) > _place(said, value)
                if other != value and not first and _alike(value, other):
                    yield f"row {row.id}: {name} is {value!r} in this row alone{_mean([other])}"


def _place(said: list[tuple[Row, str]], value: str) -> int:
    return next(place for place, (_, one) in enumerate(said) if one == value)


def _alike(one: str, other: str) -> bool:
    """Say whether two words differ by a slip; what differs in its figures is meant to."""
    bare = ["".join(c for c in word if not c.isdigit()) for word in (one, other)]
    matcher = SequenceMatcher(None, one, other)
    return bare[0] != bare[1] and abs(len(one) - len(other)) <= 1 and matcher.ratio() >= _NEARLY


def _hint(value: str, values: Iterable[str | bool]) -> str:
    words = sorted(map(str, values))
    near = get_close_matches(value, words, 1, 0.6)
    return _mean(near) if near else f"; it can be {', '.join(words[:12])}"


def _mean(near: list[str]) -> str:
    return f": did you mean {near[0]!r}?"


CHECK = Check("spelling", find)
