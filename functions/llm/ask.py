"""Ask a model, check what it says, repair once, else fall back. Pure but for the model itself."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from functions.llm.redact import redacted, restored
from mos.errors import UnavailableError
from mos.model.base import Noun, Stored
from mos.model.task import Task


class Routing(Noun):
    """Which model answers a task, as the bundle says."""

    why: str
    provider: str
    model: str
    prompt: str
    temperature: float = 0.0
    max_tokens: int = 300
    timeout_seconds: float = 8.0
    daily_budget_usd: float = 1.0


class Attempt(Stored):
    """One call: what it cost, and why it was not enough, where it was not."""

    model: str
    reason: str
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float = 0.0


class Completion(Stored):
    """The answer to a question, by a model or by the fallback, with every attempt."""

    task: str
    by: str
    answer: dict[str, Any]
    attempts: tuple[Attempt, ...] = ()


class Model(Protocol):
    """A model that takes a prompt and a question."""

    def complete(self, routing: Routing, prompt: str, messages: list[str]) -> tuple[str, Attempt]:
        """Return its text, and what the call cost.

        Raises:
            UnavailableError: there is no key, no budget or no answer; the text says which.
        """
        ...


def ask(
    task: Task, question: Mapping[str, Any], routing: Routing, prompt: str, model: Model
) -> Completion:
    """Return the answer to a task. Whatever the model does, there is a valid answer.

    Personal fields leave as placeholders. An answer that does not fit its schema is sent back
    once with what is wrong, and so is one to which the task objects; then the fallback answers.
    """
    asked = task.question.model_validate(question)
    clean, names = redacted(asked.model_dump(mode="json"), task.personal)
    messages = [json.dumps(clean, ensure_ascii=False)]
    attempts: list[Attempt] = []
    for _ in range(2):
        try:
            text, attempt = model.complete(routing, prompt, messages)
        except UnavailableError as error:
            attempts.append(Attempt(model=routing.model, reason=str(error)))
            break
        try:
            answer = _read_answer(task, asked, restored(_json(text), names))
        except (ValueError, ValidationError) as error:
            wrong = _what(error)
            attempts.append(attempt.model_copy(update={"reason": f"invalid_answer: {wrong}"}))
            messages += [text, f"That is not the JSON asked for: {wrong}. Answer with it alone."]
            continue
        attempts.append(attempt)
        return Completion(
            task=task.name,
            by=f"{routing.provider}/{routing.model}",
            answer=answer.model_dump(mode="json"),
            attempts=tuple(attempts),
        )
    fallback = task.fallback(asked)
    return Completion(
        task=task.name,
        by="fallback",
        answer=fallback.model_dump(mode="json"),
        attempts=tuple(attempts),
    )


def _read_answer(task: Task, asked: Noun, said: Mapping[str, Any]) -> Noun:
    """Return an answer that fits the task.

    Raises:
        ValueError: it does not fit its schema, or the task objects to it.
    """
    answer = task.answer.model_validate(said)
    if task.objection and (why := task.objection(asked, answer)):
        raise ValueError(f"it may not say that ({why})")
    return answer


def _json(text: str) -> Any:  # noqa: ANN401  any JSON
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise ValueError("no JSON object in the answer")
    return json.loads(text[start : end + 1])


def _what(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['type']}"
    return str(error)[:100]
