"""Answers that fit: the first lines in full, counts for the rest."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.agent.render import MOST_TEXT, fit_lines
from mos.model.consent import Purpose
from mos.model.signal import SignalKind
from tests.builders import grants, signal
from tests.system_in_process import System

JANE = "jane@acme.example"
ACME = {"name": "Acme", "domain": "acme.example", "employees": 900, "industry": "fintech"}
MOST_DATA = 8_000


def crowd() -> System:
    """Return a company of fifteen who all raise a hand about everything."""
    system = System()
    for number in range(15):
        name = JANE if number == 0 else f"p{number}@acme.example"
        for topic in ("/pricing", "/security/sso", "/analytics"):
            system.play(
                signal(SignalKind.LEAD_SUBMITTED, minute=number * 3, ids=(f"email:{name}",),
                       key=f"{number}{topic}", company=ACME, properties={"path": topic},
                       traits={"title": "VP Finance", "first_name": "J" * 40},
                       consent=grants(Purpose.EMAIL_MARKETING))
            )  # fmt: skip
    return system


@pytest.mark.slow
@pytest.mark.parametrize("tool", ["why", "decide"])
def test_a_long_story_is_told_in_four_kilobytes_and_the_record_is_to_be_had(tool: str) -> None:
    system = crowd()

    short = system.ask(tool, subject=JANE)
    whole = system.ask(tool, subject=JANE, record=True)

    assert len(short.text) <= MOST_TEXT
    assert len(json.dumps(short.data)) <= MOST_DATA < len(json.dumps(whole.data))
    assert short.data["decision"]["decision_id"] == whole.data["decision"]["decision_id"]


@given(st.lists(st.text(max_size=300).filter(lambda t: "\n" not in t), max_size=60))
def test_what_does_not_fit_is_counted(lines: list[str]) -> None:
    text = fit_lines(lines, 1_000)

    assert len(text) <= 1_000
    shown = text.split("\n")
    if text != "\n".join(lines):
        assert shown[-1].startswith(f"… and {len(lines) - len(shown) + 1} more lines")
        assert shown[:-1] == lines[: len(shown) - 1]
