"""LLM Lambda: a task's question in, its answer out, or back in as a signal."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.llm.answer import Asking, answer
from functions.llm.call import Model
from functions.llm.erase import erase
from functions.llm.models.routed import RoutedModels
from mos import plugins, tasks
from mos.aws.bundles import BundleStore, bundles
from mos.aws.queue import queue
from mos.aws.table import table
from mos.errors import MalformedError
from mos.events import ErasureOrdered, SignalReceived
from mos.identity.reply_reading import make_reading
from mos.model.base import canonical, derive_id
from mos.model.completion import FALLBACK, Completion
from mos.model.data_class import DataClass
from mos.model.signal import Actor, Identifier, Signal, SignalKind, Trust
from mos.model.task import Task
from mos.ports import Queue, Table
from mos.runtime import on, on_any, wrap
from mos.tasks import infer_role

_LATER, _MARGIN = 100.0, 3.0
"""The seconds that a question has for which nobody waits, and those that an answer travels."""
_KEPT = timedelta(days=90)


def task_named(name: str) -> Task:
    """Return the task.

    Raises:
        MalformedError: there is none of this name.
    """
    try:
        return plugins.load(tasks, name, "TASK", Task)
    except KeyError:
        raise MalformedError(f"there is no task {name!r}") from None


def respond(
    payload: Mapping[str, Any],
    now: datetime,
    store: BundleStore,
    completions: Table,
    model: Model,
) -> Completion:
    """Load, ask, save, say. The same question for the same cause is answered once."""
    task, context = task_named(str(payload["task"])), payload.get("context", {})
    bundle = store.load(context["bundle"]) if "bundle" in context else store.active()
    began = time.monotonic()
    waits = _LATER if payload.get("later") else float(payload.get("seconds", 45.0)) - _MARGIN
    people = (*context.get("people", "").split(","), context.get("profile_id", ""))
    asking = Asking(
        task=task,
        question=payload["question"],
        cause=str(context.get("decision_id") or context.get("profile_id") or ""),
        decision_id=str(context.get("decision_id", "")),
        people=tuple(dict.fromkeys(filter(None, people))),
        agent=str(context.get("agent", "")),
        data=_read_class(str(context.get("data", DataClass.PUBLIC))),
        now=now,
        expires_at=int((now + _KEPT).timestamp()),
        seconds=waits,
        elapsed=lambda: time.monotonic() - began,
    )
    return answer(asking, bundle, completions, model)


def _read_class(said: str) -> DataClass:
    """Return a class of data; one that nobody knows is restricted."""
    return DataClass(said) if said in set(DataClass) else DataClass.RESTRICTED


def reply_as_signal(
    payload: dict[str, Any], done: Completion, now: datetime, signals: Queue
) -> None:
    """Send an inferred role back through the queue, as a signal like any other."""
    kind, _, value = str(payload["context"]["identifier"]).partition(":")
    signal = Signal(
        signal_id=derive_id(
            "sig", "llm", done.task, canonical(payload["question"]), f"{kind}:{value}"
        ),
        source="llm",
        kind=SignalKind.ROLE_INFERRED,
        name=done.task,
        occurred_at=now,
        received_at=now,
        identifiers=(Identifier(type=kind, value=value),),
        properties={
            "role": done.answer["role"],
            "confidence": done.answer["confidence"],
            "source": done.by,
        },
        trust=Trust.SIGNED,
        actor=Actor.MACHINE,
        actor_reason="llm",
    )
    signals.send([SignalReceived.of(signal).model_dump_json(exclude_defaults=True)])


def tell_reading(payload: dict[str, Any], done: Completion, now: datetime, signals: Queue) -> None:
    """Send how an answer to a mail was read back through the queue; other tasks say nothing."""
    made = make_reading(done.task, done.answer, payload.get("context", {}), done.by, now)
    if made is not None:
        signals.send([SignalReceived.of(made).model_dump_json(exclude_defaults=True)])


def _handle(payload: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001  Lambda's own types
    now = datetime.now(UTC)
    done = respond(payload, now, bundles(), table("completions"), RoutedModels())
    useful = done.by != FALLBACK
    if payload.get("later") and done.task == infer_role.TASK.name and useful:
        reply_as_signal(payload, done, now, queue("signals"))
    elif payload.get("later") and useful:
        tell_reading(payload, done, now, queue("signals"))
    return done.model_dump(mode="json")


_erase = on(ErasureOrdered, lambda event, moment: erase(event, moment, table("completions")))

handler = on_any(wrap(_handle), {ErasureOrdered: _erase})
