"""What a tool is: one question, one typed answer, an effect, a view; and what it may use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from mos.errors import UnavailableError
from mos.model.base import Noun
from mos.model.view import Block, View
from mos.policy.bundle.bundle import Bundle
from mos.ports import ParkedMessage, ParkedRun, Parking, Queue, Runs, Table


class Simulation(Protocol):
    """The simulation layer: what is decided again, it decides with other layers' own verbs."""

    def ask(self, question: str, about: Mapping[str, Any]) -> dict[str, Any]:
        """Return what it finds.

        Raises:
            RejectedError: the question is refused; the text says why.
            UnavailableError: it does not answer.
        """

    def start(self, question: str, about: Mapping[str, Any]) -> None:
        """Have something long begun; what comes of it is asked for later."""


class NoSimulation:
    """Where there is no simulation layer to ask."""

    def ask(self, question: str, about: Mapping[str, Any]) -> dict[str, Any]:
        raise UnavailableError("simulation", f"{question} about {len(about)} things")

    def start(self, question: str, about: Mapping[str, Any]) -> None:
        raise UnavailableError("simulation", f"{question} about {len(about)} things")


class Scope(Noun):
    """What one agent may do, as the policy bundle says."""

    agent: str
    why: str = ""
    tools: tuple[str, ...] = ()
    personal_data: bool = False
    requests_per_minute: int = 60


@dataclass(frozen=True)
class Answer:
    """What a tool says: the facts, and how they are shown to people.

    A `whole` one was asked for in full, and is not cut to what a conversation holds. One that is
    an `alarm` is an answer at which a script should stop.
    """

    data: Noun
    view: View
    whole: bool = False
    alarm: bool = False


class ToolReply(Noun):
    """An answer as it travels: in words, as data of the tool's own shape, and as blocks.

    In a dry run `would_put_in` says what was kept out.
    """

    text: str
    data: dict[str, Any]
    view: tuple[Block, ...] = ()
    alarm: bool = False
    would_put_in: tuple[str, ...] = ()


class NoOperations:
    """Where nobody may answer runs, or see what is parked: at the internet's door."""

    def answer(self, token: str, said: Mapping[str, Any]) -> bool:
        raise UnavailableError("runs", f"{len(token)} and {len(said)}")

    def take(self, most: int) -> list[ParkedMessage]:
        raise UnavailableError("parked", f"{most} messages")

    def release(self, message: ParkedMessage) -> None:
        raise UnavailableError("parked", f"{len(message.body)} characters")

    def redrive(self, message: ParkedMessage, body: str) -> None:
        raise UnavailableError("parked", f"{len(message.body)} and {len(body)} characters")

    def restart(self, message: ParkedMessage, run: ParkedRun) -> None:
        raise UnavailableError("parked", f"{len(message.body)} and {len(run.given)} characters")


def count_nothing(spent: Mapping[str, int]) -> None:
    """Take nothing from anybody's day."""


NO_SIMULATION = NoSimulation()
NO_OPERATIONS = NoOperations()


@dataclass(frozen=True)
class Desk:
    """What a tool may read, whom it may ask, and the one door through which it may propose.

    `charge` takes from the day of whoever asks.
    """

    tables: Callable[[str], Table]
    bundle: Callable[[str | None], Bundle]
    signals: Queue
    scope: Scope
    now: datetime
    simulation: Simulation = NO_SIMULATION
    runs: Runs = NO_OPERATIONS
    parking: Parking = NO_OPERATIONS
    charge: Callable[[Mapping[str, int]], None] = count_nothing


class Effect(StrEnum):
    """What a tool does to the world; what `destroys` may have something erased for good.

    What `proposes` only adds, and a person decides about it. What `acts` changes what stands: it
    takes something back, stops it, lets it leave, joins people or parts them.
    """

    READS = "reads"
    PROPOSES = "proposes"
    ACTS = "acts"
    DESTROYS = "destroys"


@dataclass(frozen=True)
class Command:
    """How an operator says it: `mos <words>`, with some arguments stated by the words.

    `takes` names the arguments that it has then, in their order: what this command cannot do
    without begins with a `!`, what may be said without its name with a `?`. None: all that the
    question has.
    """

    words: str
    preset: Mapping[str, object] = field(default_factory=dict)
    help: str = ""
    takes: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Tool:
    """One tool. MCP, the command line and the console are made from it.

    What it proposes goes in at the door like anybody's signal. One `for_operators` alone is not
    served to the internet: what reads tables from end to end, and what is a person's word.
    `examples` are questions as somebody would put them. Without `commands` an operator asks it by
    its name.
    """

    name: str
    description: str
    arguments: type[Noun]
    answer: type[Noun]
    run: Callable[[Any, Desk], Answer]
    effect: Effect = Effect.READS
    for_operators: bool = False
    examples: tuple[Mapping[str, object], ...] = ()
    commands: tuple[Command, ...] = ()

    def said_as(self) -> tuple[Command, ...]:
        """Return the commands that ask this tool."""
        return self.commands or (Command(self.name.replace("_", "-")),)
