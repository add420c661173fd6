"""Row A.8: every list that is longer than a page says how the next one is asked for."""

from typing import Any

import pytest

from functions.agent import tools
from functions.agent.tool import Tool
from mos import plugins
from mos.model.signal import SignalKind
from mos.model.view import Rows
from tests.builders import signal
from tests.system_in_process import System

PEOPLE = 7


def house() -> System:
    system = System()
    for n in range(PEOPLE):
        box = f"p{n}@acme.example"
        system.play(
            signal(SignalKind.LEAD_SUBMITTED, minute=n * 3, ids=(f"email:{box}",), key=box,
                   company={"name": "Acme", "domain": "acme.example", "employees": 300},
                   traits={"first_name": f"P{n}", "last_name": "Doe"})
        )  # fmt: skip
    return system


SYSTEM = house()
LISTS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("find", {"text": "acme.example"}, "found"),
    ("recent", {}, "decisions"),
    ("candidates", {"subject": "p0@acme.example"}, "candidates"),
    ("read_policy", {"kind": "parameters"}, "pages"),
)


@pytest.mark.parametrize(("tool", "asked", "rows"), LISTS, ids=[one[0] for one in LISTS])
def test_the_pages_of_a_list_are_all_of_it_each_once(
    tool: str, asked: dict[str, Any], rows: str
) -> None:
    whole = SYSTEM.ask(tool, most={"find": 50, "recent": 100}.get(tool, 500), **asked)
    every = whole.data[rows]
    assert len(every) > 3

    pages, skip = list[Any](), 0
    while True:
        told = SYSTEM.ask(tool, most=3, skip=skip, **asked)
        pages += told.data[rows]
        table = next(b for b in told.view if isinstance(b, Rows))
        if not table.more or len(pages) >= len(every):
            break
        skip = table.next_skip
        assert f"{table.more:,} more: skip={skip} goes on there" in told.text

    assert pages == every[: len(pages)]
    assert len(pages) == len(every)


def test_signals_are_told_page_by_page() -> None:
    first = SYSTEM.ask("candidates", subject="p0@acme.example", most=2)
    said = SYSTEM.ask("signals", subject="p0@acme.example", most=1)

    assert "goes on there" in first.text
    assert "goes on there" not in said.text  # There is one.


def test_behind_the_end_there_is_nothing_and_nothing_follows() -> None:
    told = SYSTEM.ask("recent", skip=10_000)

    assert told.data["decisions"] == []
    assert "more" not in told.text


def test_every_tool_that_cuts_a_list_says_where_a_page_begins() -> None:
    """What takes `most` and no `skip` reads a store from a cursor of its own, or says it all."""
    every = plugins.discover(tools, "TOOL", Tool).values()
    cut = {tool.name for tool in every if "most" in tool.arguments.model_fields}
    paged = {tool.name for tool in every if "skip" in tool.arguments.model_fields}

    assert cut - paged == {"page", "parked", "scenes", "which"}
