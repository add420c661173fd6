"""A.7.4, A.7.6: each attempt's reason and cost is kept, asked for, and stands in the trace."""

from typing import Any

import pytest

from functions.agent.tools import llm_attempts, llm_cost
from functions.llm.answer import answer
from functions.llm.call import ModelReply
from mos.errors import MalformedError
from mos.memory.table import FakeTable
from mos.model.completion import Reason
from mos.tasks.infer_role import TASK as ROLE
from tests.builders import starter
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System
from tests.unit.llm.cards import NOON, ScriptedModel, said
from tests.unit.llm.test_answer import BRIEF, DRAFTED, asking, with_line

CHAMPION = '{"role": "champion", "confidence": 0.7}'


def system_with(table: FakeTable) -> System:
    system = System(starter())
    system.tables["completions"] = table
    system.now = NOON
    return system


@pytest.fixture
def system() -> System:
    """Two questions: a draft for two people, and a role that fell back."""
    table = FakeTable()
    answer(asking(people=("per_1", "per_2")), starter(), table, ScriptedModel(said(DRAFTED)))
    refused = ScriptedModel(ModelReply(Reason.REFUSED, tokens_in=50, tokens_out=0))
    role = asking(ROLE, {"title": "W"}, cause="per_3", decision_id="", people=("per_3",))
    answer(role, starter(), table, refused)
    return system_with(table)


def rows(system: System, **asked: Any) -> dict[str, tuple[float, float]]:
    found = system.ask("llm_cost", **asked).data["rows"]
    return {row["name"]: (row["usd"], row["count"]) for row in found}


def test_a7_06_what_models_cost_adds_up_by_whatever_it_is_asked(system: System) -> None:
    draft, role = 0.00012, 0.00002

    assert rows(system) == {"draft_email": (draft, 1), "infer_role": (role, 1)}
    assert rows(system, by="person") == {
        "per_1": (draft / 2, 0.5), "per_2": (draft / 2, 0.5), "per_3": (role, 1),
    }  # fmt: skip
    assert rows(system, by="decision") == {"dec_1": (draft, 1), "no decision": (role, 1)}
    assert rows(system, by="day") == {"2026-11-30": (pytest.approx(draft + role), 2)}
    assert rows(system, by="model") == {"openai_mini": (pytest.approx(draft + role), 2)}
    whole = system.ask("llm_cost").data
    assert (whole["questions"], whole["fallbacks"]) == (2, 1)


def test_a7_06_a_shadow_is_a_line_of_its_own_by_model() -> None:
    table = FakeTable()
    bundle = with_line("infer_role", 'shadow = "claude_haiku"\nshadow_share = 1.0')
    model = ScriptedModel(said(CHAMPION), said(CHAMPION))
    answer(asking(ROLE, {"title": "W"}), bundle, table, model)

    assert set(rows(system_with(table), by="model")) == {"openai_mini", "claude_haiku (shadow)"}


def test_a7_04_why_it_fell_back_is_asked_for_by_reason(system: System) -> None:
    found = system.ask("llm_attempts", reason="refused").data

    assert found["count"] == 1
    assert found["attempts"][0]["task"] == "infer_role"
    assert found["reasons"] == {"answered": 1, "refused": 1}


def test_a7_04_a_reason_that_there_is_not_is_refused_with_the_nearest(system: System) -> None:
    with pytest.raises(MalformedError, match="did you mean refused"):
        system.ask("llm_attempts", reason="refusal")


def test_a7_06_what_a_decision_asked_stands_beside_it_in_the_trace() -> None:
    system = System(starter())
    system.play(*browsing(4), jane())
    decision = system.ask("recent").data["decisions"][0]["decision_id"]
    asked = asking(question=BRIEF, cause=decision, decision_id=decision)
    answer(asked, starter(), system.tables["completions"], ScriptedModel(said(DRAFTED)))

    steps = {s["step"]: s["what"] for s in system.ask("trace", id=decision).data["steps"]}

    assert steps["ask"].startswith("draft_email answered by openai/gpt-4.1-mini for $0.0001: ")
    assert list(steps)[-1] == "ask"


def test_the_tools_are_the_operators() -> None:
    assert [llm_cost.TOOL.for_operators, llm_attempts.TOOL.for_operators] == [True, True]
    assert [c.words for t in (llm_cost, llm_attempts) for c in t.TOOL.commands] == [
        "llm cost", "llm attempts",
    ]  # fmt: skip
