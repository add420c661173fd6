"""Let leave again what was stopped: shown first, with what is stale and who would get several."""

from pydantic import Field

from functions.agent.counted import count_of
from functions.agent.names import name_people
from functions.agent.paging import Skip, count_after, cut_page
from functions.agent.switchboard import HeldBack, ResumePlan, list_switches, plan_resume, read_scope
from functions.agent.tool import Answer, Desk, Effect, Tool
from mos.errors import MalformedError
from mos.events import SignalReceived
from mos.identity.recall import order_recall
from mos.identity.switch import set_switch
from mos.model.base import Instant, Noun
from mos.model.note import Note
from mos.model.signal import Signal
from mos.model.switch import Switch, SwitchScope
from mos.model.view import Block, Rows, Said

_TOGETHER = 100
_TWICE = "a later one of the same resume reaches the same person"


class GoQuestion(Noun):
    """What may leave again. Without `confirm` nothing changes: the plan is shown."""

    what: str = Field(
        min_length=1, max_length=100, description="What was stopped, as `switches` names it."
    )
    why: Note = Field(default="", max_length=200, description="Why it may leave again.")
    confirm: bool = Field(default=False, strict=True, description="Do it.")
    one_each: bool = Field(
        default=False,
        strict=True,
        description="Recall all but the last action of each person first.",
    )
    most: int = Field(default=20, ge=1, le=100, description="How many to show.")
    skip: Skip = 0


class HeldRow(Noun):
    """One action that is held back.

    It `becomes` one that leaves, one that another switch stops too, one that reaches somebody whom
    a later one reaches as well (`again`), or one that is stale.
    """

    action_id: str
    at: Instant
    action: str
    channel: str
    person_id: str | None
    person: str | None
    expires_at: Instant
    becomes: str


class GoAnswer(Noun):
    """The plan: how many leave, are stale, and reach somebody whom a later one reaches as well.

    `waiting` counts what another switch stops too: that goes on waiting.
    `complete` is false where only a part was looked at. `signal_ids` are what was put in.
    """

    what: str
    why: str
    leaves: int
    stale: int
    again: int
    waiting: int
    by_action: dict[str, int]
    complete: bool
    rows: tuple[HeldRow, ...]
    recalled: int = 0
    signal_ids: tuple[str, ...] = ()


def run(question: GoQuestion, desk: Desk) -> Answer:
    """Return what would leave; with `confirm`, let it.

    Raises:
        MalformedError: nothing is called so, several things are, or it is not stopped.
    """
    scope, name = read_scope(question.what, desk)
    key = scope.value if scope is SwitchScope.ALL else f"{scope}:{name}"
    stopped = next((one for one in list_switches(desk) if one.key == key and one.is_stopped), None)
    if stopped is None:
        raise MalformedError(f"{key} is not stopped: `switches` shows what is")
    plan = plan_resume(stopped, desk)
    recalled = [one.delivery.action_id for one in plan.again] if question.one_each else []
    off = Switch(
        scope=scope,
        name=name,
        is_stopped=False,
        why=question.why or "it may leave again",
        by=desk.scope.agent,
        at=desk.now,
    )
    signals = _order(off, recalled, desk) if question.confirm else []
    rows = cut_page(_rows(plan), question.skip, question.most)
    names = name_people((row.person_id for row in rows), desk)
    data = GoAnswer(
        what=key,
        why=f"stopped {stopped.at:%Y-%m-%d %H:%M} UTC by {stopped.by}: {stopped.why}",
        leaves=len(plan.leaving),
        stale=len(plan.stale),
        again=len(plan.again),
        waiting=len(plan.waiting),
        by_action=plan.by_action,
        complete=plan.complete,
        rows=tuple(
            row.model_copy(update={"person": names.get(row.person_id or "")}) for row in rows
        ),
        recalled=len(recalled) if question.confirm else 0,
        signal_ids=tuple(signal.signal_id for signal in signals),
    )
    return Answer(data, tuple(_show(data, question)))


def _order(off: Switch, recalled: list[str], desk: Desk) -> list[Signal]:
    """Put in what is recalled, and the word: who waits looks minutes later, when both are in."""
    signals = [
        order_recall(recalled[at : at + _TOGETHER], _TWICE, by=off.by, now=desk.now)
        for at in range(0, len(recalled), _TOGETHER)
    ] + [set_switch(off)]
    desk.signals.send(
        [SignalReceived.of(one).model_dump_json(exclude_defaults=True) for one in signals]
    )
    return signals


def _rows(plan: ResumePlan) -> list[HeldRow]:
    again = {one.delivery.action_id for one in plan.again}
    leaving = [
        _row(one, "again" if one.delivery.action_id in again else "leaves") for one in plan.leaving
    ]
    also = [_row(one, "waits for another switch") for one in plan.waiting]
    return leaving + also + [_row(one, "stale") for one in plan.stale]


def _row(one: HeldBack, becomes: str) -> HeldRow:
    delivery = one.delivery
    return HeldRow(
        action_id=delivery.action_id,
        at=delivery.at,
        action=delivery.action,
        channel=delivery.channel,
        person_id=delivery.person_id,
        person=None,
        expires_at=one.expires_at,
        becomes=becomes,
    )


def _show(data: GoAnswer, question: GoQuestion) -> list[Block]:
    part = "" if data.complete else " (of a part only)"
    every = data.leaves + data.stale + data.waiting
    first = f"{data.what} ({data.why}) holds back {count_of(every, 'action')}{part}: "
    first += f"{data.leaves} would leave, {data.stale} are stale and will not, "
    first += f"{data.again} reach somebody whom a later one reaches as well"
    if data.waiting:
        first += f"; {data.waiting} are stopped by another switch too, and wait on"
    view: list[Block] = [Said.of(first, "the action layer's own table")]
    if data.rows:
        view.append(
            Rows(
                title="Held back",
                columns=("decided", "for", "action", "channel", "until", "becomes", "delivery"),
                rows=tuple(
                    (
                        f"{r.at:%Y-%m-%d %H:%M} UTC",
                        r.person or "–",
                        r.action,
                        r.channel,
                        f"{r.expires_at:%Y-%m-%d %H:%M} UTC",
                        r.becomes,
                        r.action_id,
                    )
                    for r in data.rows
                ),
                more=count_after(every, question.skip, len(data.rows)),
                next_skip=question.skip + len(data.rows),
            )
        )
    if data.signal_ids:
        said = "It may leave again, as far as nothing else stops it: it looks within five minutes"
        said += f"; {data.recalled} were recalled" if data.recalled else ""
        view.append(Said.of(said, *data.signal_ids[:5]))
    elif question.one_each:
        view.append(Said.of("Nothing was done yet: `confirm` does it, one each.", "as shown"))
    else:
        view.append(Said.of("Nothing was done yet: `confirm` does it.", "as shown"))
    return view


TOOL = Tool(
    name="go",
    description="Let leave again what was stopped: shows first what would leave, what is stale, "
    "and who would get more than one; with confirm it may leave, with one_each only the last for "
    "each person.",
    arguments=GoQuestion,
    answer=GoAnswer,
    run=run,
    effect=Effect.ACTS,
    for_operators=True,
    examples=({"what": "email"}, {"what": "email", "confirm": True, "one_each": True}),
)
