"""LLM Lambda: a task's question in, its answer out, or back in as a signal."""

from datetime import UTC, datetime, timedelta
from typing import Any

from functions.llm.ask import Completion, Routing, ask
from functions.llm.erase import erase
from functions.llm.model import LiteLlm
from functions.llm.repository import Completions, Spending
from mos import plugins, tasks
from mos.aws.bundles import bundles
from mos.aws.queue import queue
from mos.aws.table import table
from mos.errors import MalformedError
from mos.events import ErasureOrdered, SignalReceived
from mos.identity.reply_reading import make_reading
from mos.model.base import canonical, derive_id
from mos.model.signal import Actor, Identifier, Signal, SignalKind, Trust
from mos.model.task import Task
from mos.ports import Queue
from mos.runtime import on, on_any, wrap
from mos.tasks import infer_role


def task_named(name: str) -> Task:
    """Return the task.

    Raises:
        MalformedError: there is none of this name.
    """
    try:
        return plugins.load(tasks, name, "TASK", Task)
    except KeyError:
        raise MalformedError(f"there is no task {name!r}") from None


def answer(payload: dict[str, Any], now: datetime) -> Completion:
    """Load, ask, save, say. The same question for the same cause is answered once."""
    task = task_named(str(payload["task"]))
    context = payload.get("context", {})
    bundle = bundles().load(context["bundle"]) if "bundle" in context else bundles().active()
    routing = Routing(**bundle.settings(f"tasks/{task.name}.toml"))
    cause = str(context.get("decision_id") or context.get("profile_id") or "")
    completion_id = derive_id(
        "cmp", task.name, cause, bundle.digest, canonical(payload["question"])
    )
    kept = Completions(table("completions"))
    held = kept.find(completion_id)
    if held:
        return held
    model = LiteLlm(Spending(table("completions")), task.name, f"{now:%Y-%m-%d}")
    done = ask(task, payload["question"], routing, bundle.text(routing.prompt), model)
    about = (*context.get("people", "").split(","), context.get("profile_id"))
    expires = int((now + timedelta(days=90)).timestamp())
    return kept.save(completion_id, done, cause, expires, filter(None, about))


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
    done = answer(payload, now)
    useful = done.by != "fallback"
    if payload.get("later") and done.task == infer_role.TASK.name and useful:
        reply_as_signal(payload, done, now, queue("signals"))
    elif payload.get("later") and useful:
        tell_reading(payload, done, now, queue("signals"))
    return done.model_dump(mode="json")


_erase = on(ErasureOrdered, lambda event, moment: erase(event, moment, table("completions")))

handler = on_any(wrap(_handle), {ErasureOrdered: _erase})
