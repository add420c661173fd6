"""An agent does a whole job with the tools alone, in few calls, and the docs tell it."""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lab.world.cast import jane
from lab.world.doors import signals
from tests.agents import Doors
from tests.builders import starter
from tests.system_in_process import System

END = datetime(2026, 11, 7, 9, 0, tzinfo=UTC)
PAGE = Path(__file__).parents[2] / "docs" / "agent-at-work.md"
MOST_CALLS, MOST_BYTES = 12, 30_000
WHO = "Jane Doe at Bright Pay"
CHANGES = [
    {"table": "routing/route", "row": "large_and_ready", "why": "A strong fit of 500 and more.",
     "when": {"account.employees": ">= 500", "group.stage": ["prioritized", "qualified"],
              "account.icp_tier": "strong"}},
    {"table": "routing/route", "expect": {"to": "bdr", "pool": "pool_bdr", "row": "ready"},
     "given": {"account.named": False, "account.stage": "any other value",
               "account.employees": 200, "account.icp_tier": "strong",
               "group.stage": "prioritized", "group.roles": []}},
]  # fmt: skip


class Job:
    """An agent over MCP: what it asked, what it was answered, and how much that was."""

    def __init__(self, doors: Doors) -> None:
        self.doors, self.calls = doors, list[tuple[str, str]]()
        self.sizes = list[int]()

    def use(self, tool: str, **arguments: Any) -> Any:
        result = self.doors.use(tool, **arguments)
        assert not result.get("isError"), result
        said = result["content"][0]["text"]
        self.sizes.append(len(json.dumps(result, ensure_ascii=False).encode()))
        self.calls.append((f"{tool} {json.dumps(arguments)}", said))
        return result["structuredContent"]

    def told(self) -> str:
        """Return the transcript, ids and digests shortened."""
        blocks = [f"> {asked}\n\n```\n{said}\n```" for asked, said in self.calls]
        text = "\n\n".join(blocks)
        return re.sub(r"\b([a-z]{3}_)?[0-9a-f]{12,}", r"\1…", text)


@pytest.mark.slow
def test_an_agent_finds_asks_supposes_proposes_and_rehearses_in_few_words() -> None:
    system = System(starter())
    system.now = END + timedelta(minutes=1)
    for beat in jane.beats(END):
        system.play(*signals([beat], system.now)[0])
    job = Job(Doors(starter(), tables=system.tables, simulation=system.simulation, now=system.now))

    found = job.use("find", text=WHO)["found"]
    job.use("profile", subject=WHO)
    why = job.use("why", subject=WHO)
    otherwise = job.use("what_if", subject=WHO, facts=["account.employees=500"])
    job.use("read_policy", name="routing/route")
    proposed = job.use("propose_policy", why="Mid-size companies go to BDRs.", changes=CHANGES)
    begun = job.use("rehearse_proposal", proposal=proposed["proposal"], days=30)
    rehearsed = job.use("rehearse_proposal", rehearsal=begun["rehearsal"])
    standing = job.use("proposals", word="show", proposal=proposed["proposal"])

    assert [row["kind"] for row in found] == ["person"]
    assert why["decision"]["route"]["to"] == "ae"
    assert otherwise["after"]["route"]["to"] == "ae"
    assert proposed["errors"] == 0
    assert rehearsed["state"] == "done"
    assert rehearsed["decisions"] >= 1
    assert standing["proposals"][0]["state"] == "waits"
    assert len(job.calls) <= MOST_CALLS
    assert sum(job.sizes) <= MOST_BYTES, job.sizes
    page = f"{_FIRST}\n{job.told()}\n"
    if os.environ.get("MOS_WRITE_GOLDEN"):
        PAGE.write_text(page, encoding="utf-8")
    assert page == PAGE.read_text(encoding="utf-8")


_FIRST = """# An agent at work

"Who is Jane at Bright Pay, why did she go to an AE, what if she were at a 500-person company,
propose that, rehearse it, who approves?" These are an agent's calls over MCP and the answers' text,
as `tests/journey/test_the_agent.py` makes them; ids and digests are left out. The agent's page of
the bundle gives it no personal data: people are ids. A person approves: `mos proposals approve`.
"""
