"""When a story ends, what waits in it, and what it expects."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lab.play.error import StoryError
from tests.unit.lab.play.stories import at, expect, form, mos, play, signup, write

TOM = "email:tom@globex.example"
BIG = {"employees": 4000, "domain": "globex.example", "industry": "software", "name": "Globex"}
TITLE = {"title": "Director of Demand Generation", "company": BIG}
INTRO = {"person": TOM, "action": "executive_intro"}
ASKED = (
    form(at(2), "tom@globex.example", data=TITLE),
    {"at": at(2, 13), "outcome": {"person": TOM, "action": "ae_handoff", "kind": "task_accepted"}},
    {"at": at(3, 13), "outcome": {"person": TOM, "action": "ae_handoff", "kind": "meeting"}},
)


def statuses(result: dict[str, list[dict[str, object]]], action: str) -> list[object]:
    return [d["status"] for d in result["deliveries"] if d["action"] == action]


def test_a_story_ends_when_its_windows_have_closed(tmp_path: Path) -> None:
    run = play(tmp_path, form(at(2)))

    assert run.clock.now == datetime(2026, 11, 2, 12, 0, 46, tzinfo=UTC)
    assert run.system.timers.running


def test_later_timers_wait_to_be_asked_for(tmp_path: Path) -> None:
    until = datetime(2026, 11, 10, tzinfo=UTC)

    short = play(tmp_path, form(at(2))).describe()
    long = play(tmp_path, form(at(2)), until=until).describe()

    assert len(short["decisions"]) == 1
    assert len(long["decisions"]) > 1
    assert max(d["at"] for d in long["decisions"]) <= "2026-11-10T00:00:00Z"


def test_until_lies_behind_the_last_line(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match="lies before its end"):
        play(tmp_path, form(at(2)), until=datetime(2026, 11, 1, tzinfo=UTC))


def test_what_needs_approval_waits_until_somebody_says_yes(tmp_path: Path) -> None:
    waits = play(tmp_path, *ASKED).describe()
    sent = play(tmp_path, *ASKED, {"at": at(3, 15), "approve": INTRO}).describe()

    assert [d["waits"] for d in waits["decisions"] if d["action"] == "executive_intro"] == [True]
    assert statuses(waits, "executive_intro") == []
    assert statuses(sent, "executive_intro") == ["sent"]
    assert not any(d["waits"] for d in sent["decisions"])


def test_a_no_ends_the_run_and_leaves_nothing_aside(tmp_path: Path) -> None:
    run = play(tmp_path, *ASKED, {"at": at(3, 15), "refuse": INTRO})

    assert statuses(run.describe(), "executive_intro") == []
    assert run.describe()["parked"] == []
    assert "Refused" in {ending.state for ending in run.executions.ended.values()}


def test_an_approval_that_nobody_gives_runs_out(tmp_path: Path) -> None:
    run = play(tmp_path, *ASKED, until=datetime(2026, 11, 6, 14, tzinfo=UTC))

    [parked] = run.describe()["parked"]

    assert parked["reason"] == "States.Timeout"
    assert run.executions.pending() == set()


def test_an_answer_is_given_once(tmp_path: Path) -> None:
    twice = [{"at": at(3, 15), "approve": INTRO}, {"at": at(3, 16), "refuse": INTRO}]

    with pytest.raises(StoryError, match=r"story\.jsonl:5: .*does not wait"):
        play(tmp_path, *ASKED, *twice)


def test_a_provider_that_fails_is_tried_again_with_a_growing_pause(tmp_path: Path) -> None:
    fail = {"at": at(2), "fail": {"provider": "hubspot", "times": 3}}

    run = play(tmp_path, fail, form(at(2)))
    [delivery] = run.describe()["deliveries"]

    assert run.faults.struck == {"hubspot": 3}
    assert delivery["status"] == "sent"
    assert delivery["at"] > "2026-11-02T12:00:46Z"


def test_a_state_that_stays_broken_ends_parked_after_its_tries(tmp_path: Path) -> None:
    fail = {"at": at(2), "fail": {"state": "Decide", "times": 99}}

    run = play(tmp_path, fail, form(at(2)))

    assert run.faults.struck == {"Decide": 7}
    assert [one["reason"] for one in run.describe()["parked"]] == ["UnavailableError"]


def test_an_answer_that_was_lost_is_never_sent_again(tmp_path: Path) -> None:
    fail = {"at": at(2), "fail": {"provider": "ses", "how": "uncertain"}}

    run = play(tmp_path, fail, signup(at(2)))

    assert [d["status"] for d in run.describe()["deliveries"]] == ["unknown"]


def test_nobody_is_held_out_unless_it_is_asked_for(tmp_path: Path) -> None:
    people = [form(at(2), f"jane@c{n}.example") for n in range(40)]

    quiet = play(tmp_path, *people).system.bundle
    loud = play(tmp_path, people[0], experiments=True).system.bundle

    assert (quiet.number("holdout_percent"), quiet.number("exploration_share_most")) == (0, 0)
    assert quiet.names("experiments") == []
    assert loud.number("holdout_percent") > 0


def test_an_expectation_is_a_subset_at_its_moment(tmp_path: Path) -> None:
    jane = "email:jane@acme.example"
    run = play(
        tmp_path,
        form(at(2)),
        expect(at(2, 12, 0, 1), **{jane: {"decisions": "absent", "account": "acme.example"}}),
        expect(at(2, 13), **{jane: {"decisions": [{"action": "ae_handoff"}]}}),
        expect(at(2, 13), **{"acme.example": {"people": 1}, "b.example": "absent", "signals": 1}),
    )

    assert run.misses == []


def test_what_does_not_hold_is_named_with_line_and_place(tmp_path: Path) -> None:
    run = play(
        tmp_path,
        form(at(2)),
        expect(at(3), **{"acme.example": {"people": 2}}),
        expect(at(3), **{"email:jane@acme.example": "absent", "b.example": {}, "parked": [{}]}),
        expect(at(3), decisions=[]),
    )

    places = [str(miss).partition(": expected")[0] for miss in run.misses]

    assert places == [
        "line 2: acme.example.people", "line 3: email:jane@acme.example", "line 3: b.example",
        "line 3: parked", "line 4: decisions",
    ]  # fmt: skip


def test_exit_0_1_and_2(tmp_path: Path) -> None:
    holds = mos(write(tmp_path, [form(at(2))]))
    fails = mos(write(tmp_path, [form(at(2)), expect(at(3), signals=2)]))
    wrong = mos(write(tmp_path, ["{"]))
    no_bundle = mos(write(tmp_path, [form(at(2))]), "--bundle", tmp_path)

    assert (holds.exit_code, fails.exit_code) == (0, 1)
    assert (wrong.exit_code, no_bundle.exit_code) == (2, 2)
    assert "story.jsonl: everything holds" in holds.stdout
    assert fails.stdout.startswith("does not hold: line 2: signals: expected 2, found 1")
    assert "story.jsonl:1: expected a JSON object" in wrong.stderr
    assert mos(write(tmp_path, [form(at(2))]), "--until", "soon").exit_code == 2


def test_json_has_the_promised_parts_also_where_something_fails(tmp_path: Path) -> None:
    done = mos(write(tmp_path, [form(at(2)), expect(at(3), signals=2)]), "--json")

    said = json.loads(done.stdout)

    assert done.exit_code == 1
    assert "line 2: signals" in done.stderr
    assert list(said) == [
        "accounts", "decisions", "deliveries", "dropped", "parked", "people", "refused",
        "repeats", "signals",
    ]  # fmt: skip
    assert {tuple(one) for one in said["decisions"]} == {
        ("account", "action", "at", "owner", "person", "reason", "route", "treatment")
    }
    assert {tuple(one) for one in said["deliveries"]} == {
        ("at", "channel", "reason", "status", "to")
    }


def test_what_strangers_write_gives_a_terminal_no_orders(tmp_path: Path) -> None:
    done = mos(write(tmp_path, [form(at(2)), expect(at(3), **{"a.example": "\x1b[31m\ud800"})]))

    assert done.exit_code == 1
    assert "\x1b[31m" not in done.stdout
