"""What the code works out is what pages may ask: `policy check` knows every fact that is made."""

from typing import Any

from mos.model.base import Fact
from mos.policy.known_facts import find_type
from mos.policy.table.condition import ColumnType
from tests.builders import starter
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System


def type_of(value: Fact) -> ColumnType:
    if isinstance(value, bool):
        return ColumnType.BOOLEAN
    if isinstance(value, int | float):
        return ColumnType.NUMBER
    return ColumnType.SET if isinstance(value, tuple) else ColumnType.TEXT


def test_every_fact_of_a_run_is_known_with_its_type() -> None:
    system = System()
    system.play(*browsing(4), jane())
    system.wake(days=3)
    events: list[Any] = [event for run in system.history for event in run]
    facts = [(n, v) for e in events for n, v in getattr(e, "group_facts", {}).items()]
    facts += [
        (n, v)
        for e in events
        for p in getattr(e, "people", ())
        for n, v in getattr(p, "facts", {}).items()
    ]

    wrong = {
        name: value
        for name, value in facts
        if value is not None
        and not str(value).startswith("masked:")
        and find_type(name, starter()) is not type_of(value)
    }

    assert len({name for name, _ in facts}) > 60
    assert wrong == {}
