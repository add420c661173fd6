"""What a lifecycle must hold together: stages that exist, read from the furthest back. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.model.stage import Level
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw
from mos.policy.fact_values import levels_of
from mos.policy.table.table import DecisionTable, Row

_SETS_BACK = {
    "lifecycle/disqualify": "stage",
    "lifecycle/recycle": "stage",
    "lifecycle/reentry": "to",
}


def find(bundle: Bundle, _today: date) -> list[Flaw]:
    """Return what is wrong: unknown stages, rows in the wrong order, ways back without a reason.

    Raises:
        BundleError: a table or a parameter of the lifecycle is missing.
    """
    return [*_criteria(bundle), *_ways_back(bundle)]


def _criteria(bundle: Bundle) -> Iterator[Flaw]:
    for level in Level:
        page = bundle.page(f"lifecycle/{level.value}")
        order = _listed(bundle, f"{level.value}_order")
        if page.default.get("stage") != (order[0] if order else None):
            said = f"the default is the first of {level.value}_order, where nobody stands"
            yield Flaw(page.file, said)
        last = len(order)
        for row in page.rows:
            stage = row.then["stage"]
            if stage not in order:
                yield Flaw(page.file, f"row {row.id}: {stage} is not in {level.value}_order")
                continue
            if order.index(stage) > last:
                yield Flaw(page.file, f"row {row.id}: {stage} is further on than the row before it")
            last = order.index(stage)


def _ways_back(bundle: Bundle) -> Iterator[Flaw]:
    for name, output in _SETS_BACK.items():
        page = bundle.page(name)
        for row in page.rows:
            if not row.then.get("reason"):
                yield Flaw(page.file, f"row {row.id}: a move has a reason")
            stage, known = row.then[output], _known(page, row, bundle)
            if stage not in known:
                yield Flaw(
                    page.file, f"row {row.id}: {stage} is none of {', '.join(sorted(known))}"
                )
            elif stage != "criteria" and not row.then.get("days"):
                said = f"row {row.id}: who is set aside is looked at again after some days"
                yield Flaw(page.file, said)


def _known(page: DecisionTable, row: Row, bundle: Bundle) -> set[str]:
    """Return where a row may set a subject of its level: aside, or to be judged anew."""
    levels = levels_of(row)
    found = {stage for level in levels for stage in _listed(bundle, f"{level.value}_aside")}
    return found | ({"criteria"} if page.name == "lifecycle/reentry" else set())


def _listed(bundle: Bundle, name: str) -> list[str]:
    value = bundle.value(name)
    return value if isinstance(value, list) else []


CHECK = Check("lifecycle", find)
