"""Ask the models of a route in turn: whatever they do, there is a valid answer.

Pure but for those whom it is given.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from functions.llm.answer_schema import in_words, schema_of
from functions.llm.breaker import Breaker
from functions.llm.budget import Reservation
from functions.llm.call import Model, ModelCall, ModelReply
from functions.llm.price import reckon_most, reckon_reply, to_usd
from functions.llm.read_answer import ReadAnswer, read_answer
from functions.llm.redact import hide, redacted
from mos.model.base import Noun
from mos.model.completion import FALLBACK, Attempt, Completion, Reason, ShadowAnswer
from mos.model.data_class import DataClass
from mos.model.model_card import BySchema, ModelCard
from mos.model.task import Task
from mos.model.task_route import TaskRoute
from mos.policy.model_use import CallSituation, may

_LEAST = 1.0
"""With less than a second to go nobody is asked."""
_MENDED = frozenset({Reason.UNPARSEABLE, Reason.OFF_SCHEMA, Reason.CHECK_FAILED, Reason.EMPTY})
"""What a model is asked to mend, once."""


class Purse(Protocol):
    """Whom calls are charged to."""

    def reserve(self, micro: int) -> Reservation: ...
    def settle(self, reserved: Reservation, micro: int) -> None: ...


class Fuses(Protocol):
    """Which models are left alone for now."""

    def find_open(self, card: ModelCard) -> Breaker | None: ...
    def note(self, card: ModelCard, reply: ModelReply) -> None: ...


@dataclass(frozen=True)
class Room:
    """What an asking may use; `elapsed` says how many of its `seconds` are gone."""

    model: Model
    purse: Purse
    fuses: Fuses
    elapsed: Callable[[], float]
    seconds: float = 40.0

    @property
    def left(self) -> float:
        """Return the seconds that are left."""
        return self.seconds - self.elapsed()


@dataclass(frozen=True)
class TaskQuestion:
    """One question of a task as its bundle routes it, names hidden.

    `data` is what the asker says that it holds beyond its fields' classes.
    """

    task: Task
    asked: Noun
    route: TaskRoute
    prompt: str
    data: DataClass = DataClass.PUBLIC
    clean: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        task: Task,
        question: Mapping[str, Any],
        route: TaskRoute,
        prompt: str,
        data: DataClass = DataClass.PUBLIC,
    ) -> "TaskQuestion":
        """Return the question that somebody asks.

        Raises:
            ValidationError: it is none of this task's.
        """
        asked = task.question.model_validate(question)
        clean, names = redacted(asked.model_dump(mode="json"), task.hidden)
        return cls(task, asked, route, prompt, data, clean, names)

    def call(self, card: ModelCard) -> ModelCall:
        """Return the first call to a model."""
        schema = schema_of(self.task.answer)
        told = card.by_schema is BySchema.NONE
        return ModelCall(
            card=card,
            system=f"{self.prompt}\n{in_words(schema)}" if told else self.prompt,
            messages=(json.dumps(self.clean, ensure_ascii=False),),
            schema=schema,
            temperature=self.route.temperature,
            max_tokens=self.route.max_tokens,
            seconds=self.route.timeout_seconds,
        )


@dataclass(frozen=True)
class ModelAnswer:
    """What one model came to: an answer that is valid, or none, and each of its attempts."""

    attempts: tuple[Attempt, ...]
    read: ReadAnswer | None = None


def ask(question: TaskQuestion, cards: Mapping[str, ModelCard], room: Room) -> Completion:
    """Return the answer to a question, as it is kept: with placeholders for what was hidden.

    Each model of the route is asked in turn. What does not fit the task's schema, or what the
    task objects to, is sent back once with what is wrong; then the next model is asked, and at
    last the task's own answer holds.
    """
    attempts: list[Attempt] = []
    for name in question.route.models:
        if name not in cards:
            attempts.append(Attempt(model=name, reason=Reason.NO_MODEL, detail="it has no card"))
            continue
        given = ask_model(question, cards[name], room)
        attempts += given.attempts
        if given.read and given.read.kept is not None:
            by = f"{cards[name].provider}/{cards[name].model}"
            return _complete(question, by, given.read.kept, attempts)
    if not question.route.models:
        attempts.append(Attempt(model="", reason=Reason.NO_MODEL, detail="the route names none"))
    fallback = question.task.fallback(question.asked).model_dump(mode="json")
    return _complete(question, FALLBACK, hide(fallback, question.names, least=1), attempts)


def _complete(
    question: TaskQuestion, by: str, kept: Mapping[str, Any], attempts: Sequence[Attempt]
) -> Completion:
    return Completion(task=question.task.name, by=by, answer=dict(kept), attempts=tuple(attempts))


def ask_shadow(
    question: TaskQuestion, card: ModelCard, room: Room, given: Completion
) -> ShadowAnswer:
    """Return what another model says to the same question: kept beside the answer, no more."""
    found = ask_model(question, card, room)
    kept = found.read.kept if found.read else None
    return ShadowAnswer(
        by=f"{card.provider}/{card.model}",
        answer=None if kept is None else dict(kept),
        is_same=kept is not None and dict(kept) == given.answer,
        attempts=found.attempts,
    )


def ask_model(question: TaskQuestion, card: ModelCard, room: Room) -> ModelAnswer:
    """Return what one model comes to, in two attempts at most."""
    call, attempts = question.call(card), list[Attempt]()
    for _ in range(2):
        attempt, reply, read = _attempt(question, call, room)
        attempts.append(attempt)
        if read and read.answer is not None:
            return ModelAnswer(tuple(attempts), read)
        if attempt.reason not in _MENDED or reply is None:
            break
        call = _mending(call, reply, attempt)
    return ModelAnswer(tuple(attempts))


def _mending(call: ModelCall, reply: ModelReply, attempt: Attempt) -> ModelCall:
    if not reply.text.strip():
        return call
    wrong = attempt.detail or attempt.reason
    said = f"That is not the JSON asked for: {wrong}. Answer with it alone."
    return replace(call, messages=(*call.messages, reply.text, said))


def _attempt(
    question: TaskQuestion, call: ModelCall, room: Room
) -> tuple[Attempt, ModelReply | None, ReadAnswer | None]:
    card = call.card
    if refused := _find_refusal(question, call, room):
        return refused, None, None
    reserved = room.purse.reserve(reckon_most(call))
    if reserved.refused_by:
        said = f"the day's budget of {reserved.refused_by} has no room"
        return Attempt(model=card.name, reason=Reason.OVER_BUDGET, detail=said), None, None
    began = room.elapsed()
    reply = room.model.complete(replace(call, seconds=min(call.seconds, room.left)))
    cost = reckon_reply(call, reply)
    room.purse.settle(reserved, cost)
    room.fuses.note(card, reply)
    read = None
    if reply.reason is Reason.ANSWERED:
        read = read_answer(reply.text, question.task, question.asked, question.names)
    end = read or reply
    attempt = Attempt(
        model=card.name,
        reason=end.reason,
        detail=hide(end.detail, question.names),
        tokens_in=reply.tokens_in or 0,
        tokens_out=reply.tokens_out or 0,
        tokens_cached=reply.tokens_cached,
        usd=to_usd(cost),
        seconds=round(room.elapsed() - began, 3),
    )
    return attempt, reply, read


def _find_refusal(question: TaskQuestion, call: ModelCall, room: Room) -> Attempt | None:
    """Return why a model is not asked at all, or None."""
    card, route = call.card, question.route
    situation = CallSituation(
        call.tokens, call.max_tokens, route.timeout_seconds, question.data, route.regions
    )
    permission = may(question.task, card, situation)
    if not permission:
        return Attempt(model=card.name, reason=Reason.NOT_ALLOWED, detail=str(permission))
    if room.left < _LEAST:
        return Attempt(model=card.name, reason=Reason.NO_TIME, detail="who asks waits no longer")
    if opened := room.fuses.find_open(card):
        said = f"{opened.why}, until {opened.until:%H:%M:%S} UTC"
        return Attempt(model=card.name, reason=Reason.BREAKER_OPEN, detail=said)
    return None
