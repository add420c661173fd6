"""Whom the layers speak to: queues, the bus, executions, timers, a model, providers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from mos.events import Event
from mos.model.call import Call, CallReply


class Queue(Protocol):
    """A queue of events."""

    def send(self, bodies: Sequence[str], reason: str | None = None) -> None:
        """Send every body, or raise.

        Raises:
            UnavailableError: the queue refused some of them even when asked again.
        """
        ...


@dataclass(frozen=True)
class ParkedMessage:
    """What lies in the queue of the parked: its body, why if it says so, and how to take it."""

    body: str
    reason: str | None
    handle: str


@dataclass(frozen=True)
class ParkedRun:
    """A run that ended badly: its name, the machine that it was of, and what it began with.

    Without a machine it is the main one's.
    """

    name: str
    given: str
    machine: str = ""


class Parking(Protocol):
    """What could not be processed. Who takes a message has it for a minute."""

    def take(self, most: int) -> list[ParkedMessage]: ...
    def release(self, message: ParkedMessage) -> None: ...

    def redrive(self, message: ParkedMessage, body: str) -> None:
        """Send a body back to the queue of signals, and take the message out.

        Raises:
            UnavailableError: the queue refused it; the message stays.
        """
        ...

    def restart(self, message: ParkedMessage, run: ParkedRun) -> None:
        """Start a run again from what it began with, and take the message out.

        The same message starts it once, however often that is asked.

        Raises:
            UnavailableError: it could not be started; the message stays.
        """
        ...


class Runs(Protocol):
    """Executions that wait for somebody's answer."""

    def answer(self, token: str, said: Mapping[str, Any]) -> bool:
        """Let an execution go on with an answer; false where it waits no more."""
        ...


@dataclass(frozen=True)
class Timer:
    """A message for the queue of signals at a moment; `name` is derived from its cause."""

    name: str
    at: datetime
    body: str


class Timers(Protocol):
    """One-time timers."""

    def start(self, timers: Sequence[Timer]) -> None:
        """Start every timer, or raise; one whose name is taken runs already.

        Raises:
            UnavailableError: a timer could not be started.
        """
        ...


class Bus(Protocol):
    """The event bus."""

    def publish(self, events: Sequence[Event]) -> None:
        """Publish every event, or raise.

        Raises:
            UnavailableError: the bus refused some of them even when asked again.
        """
        ...


class Secrets(Protocol):
    """Secrets by name. A name may hold several: the current one first, then older ones."""

    def read(self, name: str) -> tuple[str, ...]:
        """Return the secrets, or nothing where none is stored."""
        ...


class Asker(Protocol):
    """The door to the llm function."""

    def ask(self, task: str, question: Mapping[str, Any], context: Mapping[str, str]) -> Any:  # noqa: ANN401  the task's answer as JSON
        """Return the task's answer, from a model or from its fallback.

        Raises:
            UnavailableError: the llm function itself cannot be reached.
        """
        ...

    def ask_later(self, task: str, question: Mapping[str, Any], context: Mapping[str, str]) -> None:
        """Have the task answered later: its answer comes in as a new signal."""
        ...


class Exchange(Protocol):
    """The one door out to providers."""

    def exchange(self, call: Call) -> CallReply:
        """Return what the provider answered, whatever it is.

        Raises:
            RejectedError: it may not be called, or nothing that is stored opens it.
            UnavailableError: it was certainly not taken: it may be sent again.
            UncertainError: it was sent, and nobody knows whether it was done.
        """
        ...


@dataclass(frozen=True)
class Moment:
    """What a step may know of its invocation: the time, and the run it belongs to.

    `invocation` is the id of this call of the function, `seconds` how long it may still take; both
    are unknown where nobody says.
    """

    now: datetime
    execution: str | None = None
    invocation: str = ""
    seconds: float | None = None
