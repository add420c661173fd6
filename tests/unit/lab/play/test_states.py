"""The interpreter does what Step Functions does with the state machine that is deployed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from infra.constructs.approval import waiting, waits_itself
from infra.constructs.states import RETRY, approved_action, holding
from lab.play.choice import UnknownStateError, holds
from lab.play.paths import NoSuchPathError, fill, put_result, read_path
from lab.play.states import Ending, Execution, Pause, Resumption, TaskFailedError
from mos.path import WORKFLOW

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
TASK = {"Type": "Task", "Resource": "work", "Next": "Done"}


class Machine:
    """A machine, what its tasks answer in turn, and when each was called."""

    def __init__(self, states: Mapping[str, Any], *answers: Any) -> None:
        done = {"Done": {"Type": "Succeed"}, "Park": {"Type": "Fail", "ErrorPath": "$.error.Error"}}
        self.machine = {"StartAt": next(iter(states)), "States": {**states, **done}}
        self.answers = list(answers)
        self.called: list[tuple[str, Any, datetime]] = []

    def call(self, state: str, _resource: str, asked: Any, now: datetime) -> Any:
        self.called.append((state, asked, now))
        answer = self.answers.pop(0) if self.answers else {}
        if isinstance(answer, Exception):
            raise answer
        return answer

    def play(self, given: Any, replies: Mapping[str, Any] | None = None) -> Ending:
        """Run to the end: tokens are answered at once where there is a reply, else they run out."""
        running = Execution(self.machine, "run-1", given, self.call).run(NOW)
        try:
            pause: Pause = next(running)
            while True:
                reply = (replies or {}).get(pause.token) if pause.token else None
                pause = running.send(Resumption(pause.until or NOW, reply))
        except StopIteration as stop:
            ended: Ending = stop.value
            return ended


def failing(times: int, error: str = "UnavailableError") -> list[TaskFailedError]:
    return [TaskFailedError(error, "told to")] * times


def test_what_is_deployed_uses_only_what_is_known_here() -> None:
    machines = [
        waits_itself(WORKFLOW, 72),
        approved_action(WORKFLOW, waiting(60, "Deliver")),
    ]

    kinds = {state["Type"] for one in machines for state in one["States"].values()}

    assert kinds <= {"Wait", "Choice", "Pass", "Task", "Succeed", "Fail"}


def test_the_path_of_a_decision_is_the_deployed_one() -> None:
    machine = Machine({"Work": TASK})
    machine.machine = waits_itself(WORKFLOW, 72)
    given = {"run_at": "2026-11-02T12:00:46Z"}
    machine.answers = [{"Payload": {**given, "at": name}} for name in "abcde"]

    ended = machine.play(given)

    assert ended == Ending("Done")
    assert [state for state, _, _ in machine.called] == [
        "Place", "Permit", "Decide", "Deliver", "Learn",
    ]  # fmt: skip
    assert {now for _, _, now in machine.called} == {NOW + timedelta(seconds=46)}
    assert machine.called[1][1]["Payload"] == {"event": {**given, "at": "a"}, "execution": "run-1"}


def test_a_window_that_has_closed_is_not_waited_for() -> None:
    wait = {"Type": "Wait", "TimestampPath": "$.run_at", "Next": "Work"}
    machine = Machine({"Wait": wait, "Work": TASK})

    machine.play({"run_at": "2026-11-02T11:00:00Z"})

    assert machine.called[0][2] == NOW


def test_a_wait_of_seconds_is_as_long() -> None:
    machine = Machine(
        {"Wait": {"Type": "Wait", "SecondsPath": "$.s", "Next": "Work"}, "Work": TASK}
    )

    machine.play({"s": 90})

    assert machine.called[0][2] == NOW + timedelta(seconds=90)


@pytest.mark.parametrize("times", [0, 1, 6])
def test_a_task_is_tried_again_as_often_as_it_says(times: int) -> None:
    machine = Machine({"Work": {**TASK, "Retry": RETRY}}, *failing(times))

    assert machine.play({}) == Ending("Done")
    assert len(machine.called) == times + 1


def test_pauses_grow_and_stay_under_their_bounds() -> None:
    machine = Machine({"Work": {**TASK, "Retry": RETRY}}, *failing(6))

    machine.play({})

    times = [now for _, _, now in machine.called]
    pauses = [(b - a).total_seconds() for a, b in pairwise(times)]
    assert all(0 <= pause <= 2 * 2**n for n, pause in enumerate(pauses))
    assert sum(pauses) > 0


def test_without_jitter_a_pause_is_what_the_formula_says() -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 3, "BackoffRate": 2,
              "MaxAttempts": 3, "MaxDelaySeconds": 7}]  # fmt: skip
    machine = Machine({"Work": {**TASK, "Retry": retry}}, *failing(3))

    machine.play({})

    assert [(now - NOW).total_seconds() for _, _, now in machine.called] == [0, 3, 9, 16]


def test_what_is_tried_in_vain_goes_to_who_catches_it() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Park"}]
    machine = Machine({"Work": {**TASK, "Retry": RETRY, "Catch": catch}}, *failing(99))

    assert machine.play({"a": 1}) == Ending("Park", "UnavailableError")
    assert len(machine.called) == 7


def test_an_error_that_no_retry_names_is_not_tried_again() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Park"}]
    machine = Machine(
        {"Work": {**TASK, "Retry": RETRY, "Catch": catch}}, *failing(1, "MalformedError")
    )

    assert machine.play({}) == Ending("Park", "MalformedError")
    assert len(machine.called) == 1


@pytest.mark.parametrize(
    ("reply", "ending"),
    [({"approved": True}, "Done"), ({"approved": False}, "Refused"), ({}, "Refused"), (None, "")],
)
def test_an_approval_goes_as_it_is_answered(reply: dict[str, bool] | None, ending: str) -> None:
    states = waiting(3600, "Deliver") | {"Deliver": TASK}
    machine = Machine(states)
    replies = {} if reply is None else {"run-1|AwaitApproval": reply}

    ended = machine.play({"decision_id": "dec_1"}, replies)

    asked = machine.called[0][1]["MessageBody"]
    assert asked["task_token"] == "run-1|AwaitApproval"
    assert asked["event"] == {"decision_id": "dec_1"}
    assert ended.state == (ending or "AwaitApproval")
    assert ended.error == ("" if ending else "States.Timeout")
    delivered = [given for state, given, _ in machine.called if state == "Deliver"]
    assert delivered == ([{"decision_id": "dec_1"}] if ending == "Done" else [])


def test_what_nobody_catches_ends_the_execution_in_its_state() -> None:
    ended = Machine({"Work": TASK}, *failing(1, "X")).play({})

    assert (ended.state, ended.error, ended.cause) == ("Work", "X", "told to")


def test_what_is_held_waits_as_long_as_it_was_told_and_is_asked_again() -> None:
    decided = {"decision_id": "dec_1"}
    held = {"held_until": "2026-11-02T12:10:00Z", "held_why": "night", "decided": decided}
    asks = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.held_until", "IsPresent": True, "Next": "Hold"}],
        "Default": "Done",
    }
    deliver = TASK | {"Next": "Held"}
    machine = Machine({"Deliver": deliver, "Held": asks} | holding("Deliver"))
    machine.answers = [held, {"status": "sent"}]

    ended = machine.play(decided)

    tried = [(given, at) for state, given, at in machine.called if state == "Deliver"]
    assert [given for given, _ in tried] == [decided, decided]
    assert tried[1][1] == NOW + timedelta(minutes=10)
    assert ended.state == "Done"


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        ({"Variable": "$.n", "NumericGreaterThan": 1}, True),
        ({"Variable": "$.n", "NumericLessThanEquals": 1}, False),
        ({"Variable": "$.s", "StringEquals": "x"}, True),
        ({"Variable": "$.n", "StringEquals": "2"}, False),
        ({"Variable": "$.gone", "IsPresent": True}, False),
        ({"Variable": "$.gone", "IsPresent": False}, True),
        ({"Variable": "$.none", "IsNull": True}, True),
        ({"Not": {"Variable": "$.yes", "BooleanEquals": True}}, False),
        (
            {
                "Or": [
                    {"Variable": "$.n", "NumericEquals": 3},
                    {"Variable": "$.s", "IsString": True},
                ]
            },
            True,
        ),
    ],
)
def test_a_choice_compares_as_its_rule_says(rule: dict[str, Any], answer: object) -> None:
    data = {"n": 2, "s": "x", "none": None, "yes": True}

    assert holds(rule, data, {}) is answer


def test_what_is_not_known_is_said_and_not_guessed() -> None:
    with pytest.raises(UnknownStateError, match="StringMatches"):
        holds({"Variable": "$.s", "StringMatches": "x*"}, {"s": "x"}, {})
    with pytest.raises(UnknownStateError, match="Map"):
        Machine({"Work": {"Type": "Map", "Next": "Done"}}).play({})


def test_paths_read_and_write_as_the_states_language_does() -> None:
    data = {"a": {"b": 1}}

    assert read_path("$.a.b", data, {}) == 1
    assert read_path("$$.Execution.Id", data, {"Execution": {"Id": "x"}}) == "x"
    assert fill({"x.$": "$.a", "y": [{"z.$": "$.a.b"}]}, data, {}) == {
        "x": {"b": 1},
        "y": [{"z": 1}],
    }
    assert put_result(None, data, 2) == data
    assert put_result("$", data, 2) == 2
    assert put_result("$.a.c", data, 2) == {"a": {"b": 1, "c": 2}}
    with pytest.raises(NoSuchPathError):
        read_path("$.a.x", data, {})
