"""Rows A.4.14 and 15: replay to the bit from the record alone, with its probabilities."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from functions.agent.answer import ForbiddenError
from functions.simulation.replay.exact import replay_exactly
from functions.simulation.replay.record import RecordError
from mos.model.base import canonical
from mos.model.decision import Decision
from mos.model.past import scatter_past
from tests.acceptance.conftest import Start
from tests.acceptance.recorded import JANE, bo, played, record
from tests.builders import starter
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

BEFORE = Path(__file__).parents[1] / "data" / "decision-of-2026-11.json"


def test_a4_14_every_recorded_decision_is_made_again_to_the_bit(start: Start) -> None:
    system = start(starter())
    system.play(*browsing(4), jane(), *bo())
    system.later(hours=30)
    system.play(jane(minute=2000))

    found = [record(system, decision_id=run[3].decision_id) for run in system.history]  # type: ignore[attr-defined]

    assert len(found) == 3
    assert all(replay_exactly(one).whole for one in found)
    assert [replay_exactly(one).apart for one in found] == [()] * len(found)
    assert any(one.decision.past.used or one.decision.past.hours_since for one in found)


def test_a4_14_a_correction_is_made_again_too(start: Start) -> None:
    system = played(start)
    form = jane().signal_id
    system.say("reclassify", subject=JANE, signal_id=form, actor="machine", reason="a test")

    last = record(system, subject=JANE)

    assert last.decision.correction
    assert replay_exactly(last).apart == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [("probability", 0.25), ("seed", "dec_other"), ("used", {"grp#any#168h": 4}),
     ("group_facts", {"account.icp_tier": "weak"})],
)  # fmt: skip
def test_a4_14_one_changed_value_is_named(field: str, value: object) -> None:
    made = record(played(System), subject=JANE)
    tampered = json.dumps(json.loads(made.body) | {field: value}, sort_keys=True)

    apart = replay_exactly(replace(made, body=tampered)).apart

    assert apart
    assert field not in {"probability", "seed"} or any(one.startswith(field) for one in apart)


def test_a4_14_a_byte_that_no_value_shows_is_a_difference() -> None:
    made = record(played(System), subject=JANE)

    apart = replay_exactly(replace(made, body=made.body + " ")).apart

    assert apart == ("the values are the same, the bytes are not: the record is not canonical",)


def test_a4_14_a_record_of_before_is_read_and_says_what_was_not_compared() -> None:
    made = record(played(System), subject=JANE)
    old = {k: v for k, v in json.loads(made.body).items() if k not in {"verdicts", "cause_id"}}
    old["inputs_digest"] = "of other inputs"

    again = replay_exactly(
        replace(made, body=Decision.model_validate_json(json.dumps(old)).canonical())
    )

    assert (again.whole, again.apart) == (False, ())
    assert "before verdicts and cause were kept" in again.lines[1]


def test_a4_14_a_record_whose_past_stood_in_six_fields_is_made_again_to_the_bit() -> None:
    system = played(System)
    system.later(hours=30)
    system.play(jane(minute=2000))
    made = record(system, subject=JANE)
    apart = scatter_past(json.loads(made.body))
    assert "past" not in apart
    assert "hours_since" in apart

    again = replay_exactly(replace(made, body=canonical(apart)))
    tampered = replay_exactly(replace(made, body=canonical(apart | {"loads": {"somebody": 9}})))

    assert again.apart == ()
    assert tampered.apart


def test_a4_14_what_the_release_before_wrote_is_read_to_the_last_byte() -> None:
    text = BEFORE.read_text(encoding="utf-8")

    read = Decision.parse(text)

    assert read.past.volumes == {"ae_handoffs": 1.0}
    assert canonical(scatter_past(json.loads(read.canonical()))) == text


def test_a4_14_a_record_is_for_operators_and_says_when_there_is_none() -> None:
    system = played(System)

    with pytest.raises(ForbiddenError):
        system.ask("record", "assistant", subject=JANE)
    with pytest.raises(RecordError, match="dec_nothing"):
        record(system, decision_id="dec_nothing")


def test_a4_15_the_probability_of_the_draw_is_recorded_with_every_candidates(start: Start) -> None:
    system = start(starter())
    system.play(*browsing(4), jane())

    decision = record(system, subject=JANE).decision

    drawn = [c for c in decision.candidates if c.fell is None]
    [chosen] = [
        c for c in drawn
        if (c.person_id, c.action, c.treatment)
        == (decision.person_id, decision.action, decision.treatment)
    ]  # fmt: skip
    assert chosen.probability == decision.probability > 0
    assert sum(c.probability for c in drawn) == pytest.approx(1)
    assert decision.seed == decision.decision_id
