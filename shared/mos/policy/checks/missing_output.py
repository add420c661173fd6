"""Each row says what code reads of it, within its bounds: what a run would fall over. Pure."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw
from mos.policy.table.table import DecisionTable

_PAGE = Path(__file__).parents[1] / "asked_outputs.toml"
Asked = Mapping[str, Mapping[str, Any]]
"""By output: whether a row needs it, its bounds, its words."""


@cache
def _stated() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(_PAGE.read_text(encoding="utf-8"))


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield rows, overrides' and other departments' too, that lack something or pass a bound."""
    for name in bundle.names("tables"):
        asked = _stated().get(name.partition("@")[0].partition("+")[0])
        if asked:
            yield from _look_at(bundle.page(name), asked)


def _look_at(page: DecisionTable, asked: Asked) -> Iterator[Flaw]:
    for row in page.rows:
        for output, rule in asked.items():
            said = row.then.get(output)
            wrong = _describe(said, rule)
            if wrong:
                yield Flaw(page.file, f"row {row.id}: {output} {wrong}")


def _describe(said: Any, rule: Mapping[str, Any]) -> str:  # noqa: ANN401  any output
    """Return what is wrong with an output; nothing where it may be so."""
    if said is None:
        return "is missing: every row states it" if rule.get("needed") else ""
    words = rule.get("words")
    if words and said not in words:
        return f"is {said!r}: it is one of {', '.join(words)}"
    if isinstance(said, int | float) and not isinstance(said, bool):
        if said < rule.get("least", said):
            return f"is {said:g}: it is {rule['least']:g} at least"
        if said > rule.get("most", said):
            return f"is {said:g}: it is {rule['most']:g} at most"
    return ""


CHECK = Check("output", find)
