"""May a model be asked a task? Asked at publish and again at run. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from mos.model.data_class import DataClass
from mos.model.model_card import ANY, BySchema, ModelCard, Runs
from mos.model.task import Capability, Needs, Task


@dataclass(frozen=True)
class CallSituation:
    """What is known of a call beside its task: nothing of the question itself at publish.

    `tokens` is how many the question and its prompt take at most, `output` what the route lets
    an answer take, `seconds` how long it waits, `data` what the asker says the question holds
    beyond its fields' classes, `regions` where alone it may be read.
    """

    tokens: int = 0
    output: int = 0
    seconds: float | None = None
    data: DataClass = DataClass.PUBLIC
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lack:
    """One capability that a model lacks for a task, and in which way."""

    capability: Capability
    why: str

    def __str__(self) -> str:
        return f"{self.capability.value}: {self.why}"


@dataclass(frozen=True)
class Permission:
    """Whether a model may be asked: it may where it lacks nothing."""

    lacks: tuple[Lack, ...] = ()

    def __bool__(self) -> bool:
        return not self.lacks

    def __str__(self) -> str:
        return "; ".join(map(str, self.lacks)) or "it may"


def may(task: Task, card: ModelCard, situation: CallSituation) -> Permission:
    """Return whether a model may be asked a task, and what it lacks where it may not.

    A card permits what it names and nothing else. Restricted data stays in the account whatever
    a card says, and what a model is trained on is public.
    """
    lacks = (
        *_lacks_of_schema(task.needs, card),
        *_lacks_of_room(task.needs, card, situation),
        *_lacks_of_reach(task.needs, card),
        *_lacks_of_trust(task, card, situation),
    )
    return Permission(lacks)


def _lacks_of_schema(needs: Needs, card: ModelCard) -> Iterator[Lack]:
    if needs.schema and card.by_schema is BySchema.NONE:
        yield Lack(Capability.SCHEMA, "it cannot be made to answer by a schema")
    if needs.tools and not card.tools:
        yield Lack(Capability.TOOLS, "it cannot call tools")


def _lacks_of_room(needs: Needs, card: ModelCard, situation: CallSituation) -> Iterator[Lack]:
    output = situation.output or needs.output
    room = max(needs.context, situation.tokens) + output
    if card.context < room:
        yield Lack(Capability.CONTEXT, f"{card.context} tokens, {room} are needed")
    if card.output < max(output, needs.output):
        said = f"{card.output} tokens, {max(output, needs.output)} are needed"
        yield Lack(Capability.OUTPUT, said)
    if 0 < situation.output < needs.output:
        said = f"the route lets it take {situation.output} tokens, {needs.output} are needed"
        yield Lack(Capability.OUTPUT, said)
    seconds = needs.seconds if situation.seconds is None else min(needs.seconds, situation.seconds)
    if card.seconds > seconds:
        said = f"it takes {card.seconds:g} s, the task has {seconds:g} s"
        yield Lack(Capability.SECONDS, said)


def _lacks_of_reach(needs: Needs, card: ModelCard) -> Iterator[Lack]:
    if ANY not in card.languages and (unknown := needs.languages - set(card.languages)):
        yield Lack(Capability.LANGUAGES, f"it does not know {', '.join(sorted(unknown))}")
    if unseen := needs.modality - set(card.modality):
        yield Lack(Capability.MODALITY, f"it does not take {', '.join(sorted(unseen))}")


def _lacks_of_trust(task: Task, card: ModelCard, situation: CallSituation) -> Iterator[Lack]:
    held = max(task.data, situation.data, key=lambda one: one.rank)
    if held not in card.data:
        yield Lack(Capability.DATA, f"it may not see {held.value} data")
    elif held is DataClass.RESTRICTED and card.runs is not Runs.IN_ACCOUNT:
        yield Lack(Capability.DATA, "restricted data stays in the account")
    elif card.trains and held is not DataClass.PUBLIC:
        yield Lack(Capability.DATA, f"it is trained on what it sees: no {held.value} data")
    if situation.regions and card.region not in situation.regions:
        said = f"it runs in {card.region or 'no region that it names'}"
        yield Lack(Capability.REGION, f"{said}, not in {', '.join(situation.regions)}")
