"""Follow one signal, run or decision through every layer."""

from typing import Any

from functions.agent.ledger import find_delivery
from functions.agent.tool import Answer, Desk, Tool
from mos.errors import MissingError
from mos.events import SubjectPlaced
from mos.model.base import Noun, derive_id
from mos.model.decision import Decision
from mos.model.lesson import Credit
from mos.model.signal import Signal
from mos.ports import Record


class TraceQuestion(Noun):
    """An id: `sig_…`, `run_…`, `dec_…` or `act_…`."""

    id: str


def run(question: TraceQuestion, desk: Desk) -> Answer:
    """Return the steps of the path, in the order of the path."""
    steps: list[dict[str, Any]] = []
    run_id, pointer = _run_of(question.id, desk)
    decision = _decision(derive_id("dec", run_id) if run_id else question.id, desk)
    if pointer is None and decision:
        pointer = _pointer(str(decision.trace_id), desk)
    if pointer:
        steps += _from_the_log(pointer.pk.removeprefix("TRACE#"), pointer, desk)
    placed = desk.tables("lifecycle").get(f"RUN#{run_id}", "PLACED") if run_id else None
    if placed:
        steps.append(_placed(SubjectPlaced.parse(placed.body), placed))
    if decision:
        steps += _decided(decision, desk)
    if not steps:
        raise MissingError(f"trace of {question.id!r}: ids begin with sig_, run_, dec_ or act_")
    text = "\n".join(f"{s['step']:<8} {s['at']}  {s['what']}" for s in steps)
    return Answer(text=text, data={"id": question.id, "run_id": run_id, "steps": steps})


def _run_of(wanted: str, desk: Desk) -> tuple[str | None, Record | None]:
    if wanted.startswith("run_"):
        return wanted, None
    if wanted.startswith("sig_"):
        pointer = _pointer(wanted, desk)
        if pointer is None:
            raise MissingError(
                f"run of {wanted}: only a signal that deserved a decision has one; "
                "`mos signals PERSON` lists them all"
            )
        return pointer.tags["run"], pointer
    if wanted.startswith("act_"):
        record = desk.tables("actions").get(f"ACTION#{wanted}", "DELIVERY")
        wanted = record.tags["decision"] if record else wanted
    decision = _decision(wanted, desk)
    return (decision.run_id if decision else None), None


def _pointer(signal_id: str, desk: Desk) -> Record | None:
    """Return where a signal is logged and which run it is in: of several groups, the first's."""
    found = desk.tables("identity").query(f"TRACE#{signal_id}", limit=1)
    return found[0] if found else None


def _from_the_log(signal_id: str, pointer: Record, desk: Desk) -> list[dict[str, Any]]:
    record = desk.tables("signals").get(pointer.tags["log"], pointer.tags["sort"])
    if record is None:
        return []
    signal = Signal.parse(record.body)
    what = f"{signal.kind.value} “{signal.name}” from {signal.source}, {signal.trust.value}"
    return [
        {"step": "receive", "at": _time(signal.received_at), "what": what, "signal_id": signal_id},
        {
            "step": "unify",
            "at": _time(signal.received_at),
            "what": f"belongs to {pointer.tags['person']} of {pointer.tags['group']}",
            "person_id": pointer.tags["person"],
        },
    ]


def _placed(event: SubjectPlaced, record: Record) -> dict[str, Any]:
    levels = (event.account, event.group, *event.people)
    stages = ", ".join(
        f"{p.level.value} {p.stage}{' (moved)' if p.moved else ''}" for p in levels[:6]
    )
    return {
        "step": "place",
        "at": _time(event.occurred_at),
        "what": f"1. account, 2. group, 3. people: {stages}",
        "bundle": event.bundle,
        "execution": record.tags.get("execution"),
        "receipts": [p.receipt.model_dump(mode="json") for p in levels],
    }


def _decision(decision_id: str, desk: Desk) -> Decision | None:
    record = desk.tables("decisions").get(f"DECISION#{decision_id}", "DECISION")
    return Decision.parse(record.body) if record else None


def _decided(decision: Decision, desk: Desk) -> list[dict[str, Any]]:
    at, route = _time(decision.decided_at), decision.route
    fell = sum(c.fell is not None for c in decision.candidates)
    steps: list[dict[str, Any]] = [
        {
            "step": "permit",
            "at": at,
            "what": f"fit {decision.segment}, route {route.to} [{route.row}]: {route.why}",
        },
        {
            "step": "decide",
            "at": at,
            "what": f"{decision.action}/{decision.treatment}: {decision.reason} "
            f"({len(decision.candidates)} candidates, {fell} fell at a gate)",
            "decision_id": decision.decision_id,
            "probability": decision.probability,
        },
    ]
    delivery = find_delivery(decision, desk)
    what = f"{delivery.status.value}: {delivery.reason}" if delivery else "nobody is touched"
    shown = delivery.artefact.get("subject") if delivery else None
    steps.append(
        {
            "step": "deliver",
            "at": _time(delivery.at) if delivery else at,
            "what": f"{decision.channel}: {what}" + (f" — “{shown}”" if shown else ""),
            "action_id": delivery.action_id if delivery else None,
        }
    )
    earned = desk.tables("lessons").query(f"DECISION#{decision.decision_id}", prefix="CREDIT#")
    for record in earned:
        credit = Credit.parse(record.body)
        won = f"reward {credit.reward:g} by {credit.rule}"
        steps.append(
            {
                "step": "learn",
                "at": _time(credit.outcome.at),
                "what": f"{credit.outcome.kind.value}: {won}",
                "signal_id": credit.outcome.signal_id,
            }
        )
    if not earned:
        waits = "no outcome yet" if delivery else "nothing to learn from"
        steps.append({"step": "learn", "at": at, "what": waits})
    return steps


def _time(moment: Any) -> str:  # noqa: ANN401  a datetime
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"


TOOL = Tool(
    name="trace",
    description="One signal, run, decision or action through every layer, step by step.",
    arguments=TraceQuestion,
    run=run,
)
