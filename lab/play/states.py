"""Interpret a state machine as it is deployed: Amazon States Language with JSONPath. Pure.

An execution is a generator: it says for what it waits, and is sent on when that has come.
"""

from collections import Counter
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from lab.play.choice import UnknownStateError, choose
from lab.play.paths import fill, put_result, read_path
from lab.play.retry import find_catcher, find_delay

Json = Any
_WAITS = ".waitForTaskToken"


class TaskFailedError(Exception):
    """A task failed: with which error, and why."""

    def __init__(self, error: str, cause: str) -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause


@dataclass(frozen=True)
class Pause:
    """An execution waits: until a moment, or with a token for an answer, but no longer than that.

    `retries` names the error after which a state is tried again.
    """

    until: datetime | None
    token: str = ""
    retries: str = ""


@dataclass(frozen=True)
class Resumption:
    """It goes on: it is now so late, and this was answered, if anything was."""

    now: datetime
    answer: Mapping[str, Json] | None = None


@dataclass(frozen=True)
class Ending:
    """How an execution ended: `error` is empty where it went well."""

    state: str
    error: str = ""
    cause: str = ""


Call = Callable[[str, str, Json, datetime], Json]
"""Does what a task of a state (its name, the resource, its parameters) does, at a moment."""

Running = Generator[Pause, Resumption, Ending]


@dataclass
class Execution:
    """One execution of a state machine."""

    machine: Mapping[str, Any]
    name: str
    given: Json
    call: Call

    def run(self, now: datetime) -> Running:
        """Go from state to state until one of them ends it, or fails and is caught by none.

        Raises:
            UnknownStateError: the machine uses what is not known here.
        """
        name, data, wake = str(self.machine["StartAt"]), self.given, Resumption(now)
        while True:
            state = self.machine["States"][name]
            if state["Type"] == "Succeed":
                return Ending(name)
            if state["Type"] == "Fail":
                return Ending(name, self._read_word(state, "Error", data))
            try:
                name, data, wake = yield from self._take_state(name, state, data, wake)
            except TaskFailedError as error:
                return Ending(name, error.error, error.cause)

    def _take_state(
        self, name: str, state: Mapping[str, Any], data: Json, wake: Resumption
    ) -> Generator[Pause, Resumption, tuple[str, Json, Resumption]]:
        """Return the next state, what goes into it, and when."""
        match state["Type"]:
            case "Wait":
                until = self._read_moment(state, data, wake.now)
                if until > wake.now:
                    wake = yield Pause(until)
                return state["Next"], data, wake
            case "Choice":
                return choose(state, data, self._build_context()), data, wake
            case "Pass":
                made = state.get("Result", self._fill_parameters(state, data))
                return state["Next"], self._finish(state, data, made), wake
            case "Task":
                return (yield from self._try_task(name, state, data, wake))
            case kind:
                raise UnknownStateError(f"a state of type {kind}")

    def _try_task(
        self, name: str, state: Mapping[str, Any], data: Json, wake: Resumption
    ) -> Generator[Pause, Resumption, tuple[str, Json, Resumption]]:
        tries = Counter[int]()
        while True:
            try:
                made, wake = yield from self._do_task(name, state, data, wake)
            except TaskFailedError as error:
                wait = find_delay(state, error.error, tries, f"{self.name}|{name}")
                if wait is not None:
                    wake = yield Pause(wake.now + wait, retries=error.error)
                    continue
                caught = find_catcher(state, error.error)
                if caught is None:
                    raise
                told = {"Error": error.error, "Cause": error.cause}
                return caught["Next"], put_result(caught.get("ResultPath", "$"), data, told), wake
            return state["Next"], self._finish(state, data, made), wake

    def _do_task(
        self, name: str, state: Mapping[str, Any], data: Json, wake: Resumption
    ) -> Generator[Pause, Resumption, tuple[Json, Resumption]]:
        waits = str(state["Resource"]).endswith(_WAITS)
        token = f"{self.name}|{name}" if waits else ""
        asked = self._fill_parameters(state, data, token)
        made = self.call(name, str(state["Resource"]).removesuffix(_WAITS), asked, wake.now)
        if not waits:
            return made, wake
        seconds = state.get("TimeoutSeconds")
        until = wake.now + timedelta(seconds=seconds) if seconds is not None else None
        wake = yield Pause(until, token)
        if wake.answer is None:
            raise TaskFailedError("States.Timeout", f"nobody answered {name} in time")
        return dict(wake.answer), wake

    def _fill_parameters(self, state: Mapping[str, Any], data: Json, token: str = "") -> Json:
        chosen = read_path(state.get("InputPath", "$"), data, self._build_context(token))
        if "Parameters" not in state:
            return chosen
        return fill(state["Parameters"], chosen, self._build_context(token))

    def _finish(self, state: Mapping[str, Any], data: Json, made: Json) -> Json:
        whole = put_result(state.get("ResultPath", "$"), data, made)
        return read_path(state.get("OutputPath", "$"), whole, self._build_context())

    def _build_context(self, token: str = "") -> Json:
        return {"Execution": {"Id": self.name, "Input": self.given}, "Task": {"Token": token}}

    def _read_moment(self, state: Mapping[str, Any], data: Json, now: datetime) -> datetime:
        if "Seconds" in state or "SecondsPath" in state:
            path = state.get("SecondsPath")
            seconds = read_path(path, data, self._build_context()) if path else state["Seconds"]
            return now + timedelta(seconds=float(seconds))
        path = state.get("TimestampPath")
        said = read_path(path, data, self._build_context()) if path else state["Timestamp"]
        return datetime.fromisoformat(str(said)).astimezone(UTC)

    def _read_word(self, state: Mapping[str, Any], name: str, data: Json) -> str:
        path = state.get(f"{name}Path")
        return str(
            read_path(path, data, self._build_context()) if path else state.get(name, "failed")
        )
