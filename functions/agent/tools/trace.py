"""Follow one signal, run or decision through every layer."""

from datetime import datetime

from pydantic import Field

from functions.agent.approval_steps import list_approval_steps, say_unsent
from functions.agent.ledger import find_delivery
from functions.agent.notices import MARK, find_notice, find_notice_delivery
from functions.agent.promises import say_changed_promises
from functions.agent.reasons import say_credit_rule
from functions.agent.steps import Step, order_steps, tell_delivery, tell_notice
from functions.agent.tool import Answer, Desk, Tool
from mos.errors import MissingError
from mos.events import SubjectPlaced
from mos.model.base import Noun, derive_id
from mos.model.completion import Completion, sum_usd
from mos.model.decision import Decision
from mos.model.lesson import Credit
from mos.model.notice import Notice
from mos.model.plain_text import quote_text
from mos.model.signal import Signal
from mos.model.view import Said
from mos.ports import Record

_MOST_PROMISES = 3


class TraceQuestion(Noun):
    """An id: `sig_…`, `run_…`, `dec_…`, `act_…`, or of a notice to a colleague: `ntc_…`."""

    id: str = Field(
        min_length=1, max_length=80, description="An id: sig_…, run_…, dec_…, act_… or ntc_…."
    )


class TraceAnswer(Noun):
    """The steps in the order in which they came, and the run that they belong to."""

    id: str
    run_id: str | None
    steps: tuple[Step, ...]


def run(question: TraceQuestion, desk: Desk) -> Answer:
    """Return the steps of the path, each after what came before it."""
    steps, beside = list[Step](), list[Step]()
    named = _name_record(question.id.strip(), desk)
    notice = find_notice(named, desk) if named.startswith(MARK) else None
    run_id, pointer = (notice.run_id, None) if notice else _run_of(named, desk)
    decision = None
    if not named.startswith(MARK):
        decision = _decision(derive_id("dec", run_id) if run_id else named, desk)
    cause = notice or decision
    if pointer is None and cause:
        pointer = _pointer(str(cause.trace_id), desk)
    if pointer:
        steps += _from_the_log(pointer.pk.removeprefix("TRACE#"), pointer, desk)
    placed = desk.tables("lifecycle").get(f"RUN#{run_id}", "PLACED") if run_id else None
    if placed:
        steps.append(_placed(SubjectPlaced.parse(placed.body), placed))
    if decision:
        steps += _decided(decision, desk)
        beside = _asked(decision.decision_id, desk) + list_approval_steps(decision, desk)
    if named.startswith(MARK):
        steps += _told(named, notice, desk)
    if not steps:
        raise MissingError(
            f"trace of {question.id!r}: write the whole id, as `recent`, `why` and `signals` name "
            "it, a notice's as `outbox` does; ids begin with sig_, run_, dec_, act_ or ntc_"
        )
    steps = order_steps(steps, beside)
    view = tuple(
        Said.of(f"{s.step:<8} {s.at:%Y-%m-%d %H:%M:%S} UTC  {s.what}", _cite(s, question.id))
        for s in steps
    )
    return Answer(TraceAnswer(id=question.id, run_id=run_id, steps=tuple(steps)), view)


def _told(notice_id: str, notice: Notice | None, desk: Desk) -> list[Step]:
    """Return what became of a notice; one that is kept no longer left its delivery."""
    if notice is not None:
        return tell_notice(notice, desk)
    sent = find_notice_delivery(notice_id, desk)
    return [tell_delivery(sent, desk)] if sent else []


def _cite(step: Step, wanted: str) -> str:
    return (
        step.action_id
        or step.notice_id
        or step.decision_id
        or step.signal_id
        or step.person_id
        or wanted
    )


def _name_record(wanted: str, desk: Desk) -> str:
    """Return the decision or the notice that a delivery is of; every other id as it is."""
    if not wanted.startswith("act_"):
        return wanted
    record = desk.tables("actions").get(f"ACTION#{wanted}", "DELIVERY")
    return record.tags["decision"] if record else wanted


def _run_of(wanted: str, desk: Desk) -> tuple[str | None, Record | None]:
    if wanted.startswith("run_"):
        return wanted, None
    if wanted.startswith("sig_"):
        pointer = _pointer(wanted, desk)
        if pointer is None:
            raise MissingError(
                f"run of {wanted}: only a signal that deserved a decision has one; "
                "`signals` lists a person's"
            )
        return pointer.tags["run"], pointer
    decision = _decision(wanted, desk)
    return (decision.run_id if decision else None), None


def _pointer(signal_id: str, desk: Desk) -> Record | None:
    """Return where a signal is logged and which run it is in: of several groups, the first's."""
    found = desk.tables("identity").query(f"TRACE#{signal_id}", limit=1)
    return found[0] if found else None


def _from_the_log(signal_id: str, pointer: Record, desk: Desk) -> list[Step]:
    record = desk.tables("signals").get(pointer.tags["log"], pointer.tags["sort"])
    if record is None:
        return []
    signal = Signal.parse(record.body)
    called = f" {quote_text(signal.name)}" if desk.scope.personal_data else ""
    what = f"{signal.kind.value}{called} from {signal.source}, {signal.trust.value}"
    at, whose = signal.received_at, pointer.tags["person"]
    return [
        Step(step="receive", at=at, what=what, signal_id=signal_id),
        Step(
            step="unify",
            at=at,
            what=f"belongs to {whose} of {pointer.tags['group']}",
            person_id=whose,
        ),
    ]


def _placed(event: SubjectPlaced, record: Record) -> Step:
    levels = (event.account, event.group, *event.people)
    stages = ", ".join(
        f"{p.level.value} {p.stage}{' (moved)' if p.moved else ''}" for p in levels[:6]
    )
    promises = "".join(f"; {said}" for said in say_changed_promises(levels)[:_MOST_PROMISES])
    return Step(
        step="place",
        at=event.occurred_at,
        what=f"1. account, 2. group, 3. people: {stages}{promises}",
        bundle=event.bundle,
        execution=record.tags.get("execution"),
        receipts=tuple(p.receipt for p in levels),
    )


def _decision(decision_id: str, desk: Desk) -> Decision | None:
    record = desk.tables("decisions").get(f"DECISION#{decision_id}", "DECISION")
    return Decision.parse(record.body) if record else None


def _decided(decision: Decision, desk: Desk) -> list[Step]:
    at, route = decision.decided_at, decision.route
    fell = sum(c.fell is not None for c in decision.candidates)
    delivery = find_delivery(decision, desk)
    nothing = Step(step="deliver", at=at, what=f"{decision.channel}: {say_unsent(decision, desk)}")
    steps = [
        Step(
            step="permit",
            at=at,
            what=f"fit {decision.segment}, route {route.to} [{route.row}]: {route.why}",
        ),
        Step(
            step="decide",
            at=at,
            what=f"{decision.action}/{decision.treatment}: {decision.reason} "
            f"({len(decision.candidates)} candidates, {fell} fell at a gate)",
            decision_id=decision.decision_id,
            probability=decision.probability,
        ),
        tell_delivery(delivery, desk) if delivery else nothing,
    ]
    earned = desk.tables("lessons").query(f"DECISION#{decision.decision_id}", prefix="CREDIT#")
    steps += [_learned(Credit.parse(record.body)) for record in earned]
    if not earned:
        waits = "no outcome yet" if delivery else "nothing to learn from"
        steps.append(Step(step="learn", at=at, what=waits))
    return steps


def _asked(decision_id: str, desk: Desk) -> list[Step]:
    """Return what models were asked for a decision: who answered, and how each attempt ended."""
    table = desk.tables("completions")
    names = [record.sk for record in table.query(f"CAUSE#{decision_id}")]
    held = table.get_many([(name, "COMPLETION") for name in names]) if names else {}
    lines = [(record.tags.get("at", ""), record) for record in held.values()]
    found = [
        (at, Completion.parse(record.body)) for at, record in sorted(lines, key=lambda p: p[0])
    ]
    return [
        Step(step="ask", at=datetime.fromisoformat(at), what=_say_asked(done),
             decision_id=decision_id)
        for at, done in found if at
    ]  # fmt: skip


def _say_asked(done: Completion) -> str:
    ends = ", ".join(f"{one.model or 'no model'} {one.reason}" for one in done.attempts)
    return f"{done.task} answered by {done.by} for ${sum_usd(done.attempts):.4f}: {ends}"


def _learned(credit: Credit) -> Step:
    return Step(
        step="learn",
        at=credit.outcome.at,
        what=f"{credit.outcome.kind.value}: reward {credit.reward:g}, "
        f"{say_credit_rule(credit.rule)}",
        signal_id=credit.outcome.signal_id,
    )


TOOL = Tool(
    name="trace",
    description="One signal, run, decision, action or notice to a colleague through every layer, "
    "step by step.",
    arguments=TraceQuestion,
    answer=TraceAnswer,
    run=run,
    examples=({"id": "dec_0123456789abcdef0123456789abcdef"},),
)
