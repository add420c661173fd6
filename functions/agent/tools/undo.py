"""Take back what was done: show first what can be, then have it done, and show the proof."""

import re
from collections import Counter
from datetime import datetime

from pydantic import Field

from functions.agent.counted import count_of
from functions.agent.done import (
    OPEN,
    Done,
    Way,
    days_before,
    find_campaign,
    find_decided,
    find_delivered,
    find_personal,
    find_told,
)
from functions.agent.names import name_people
from functions.agent.notices import MARK
from functions.agent.paging import Skip, count_after, cut_page
from functions.agent.standing import moment
from functions.agent.tool import Answer, Desk, Effect, Tool
from functions.agent.undo_row import UndoRow, read_row
from mos.events import SignalReceived
from mos.identity.recall import order_recall
from mos.model.base import Noun
from mos.model.note import Note
from mos.model.view import Block, Rows, Said

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_DAYS, _DATE, _TOGETHER = 7, 10, 100


class UndoQuestion(Noun):
    """What to take back. Without `confirm` nothing is done: it is shown what can be."""

    what: str = Field(
        min_length=1,
        max_length=320,
        description="A decision (dec_…), a delivery (act_…), a notice (ntc_…), a person as "
        "elsewhere, or the name of an action or a treatment, such as bdr_call: all that it did.",
    )
    since: str | None = Field(
        default=None,
        max_length=40,
        description="Only what was done since: a date, or a moment such as 2026-01-31T09:00:00Z. "
        f"Of an action's name the last {_DAYS} days, where nothing is said.",
    )
    why: Note = Field(
        default="",
        max_length=200,
        description="Why, without names: it stands beside the proof and in the record.",
    )
    confirm: bool = Field(
        default=False, strict=True, description="Do it: take back what can be taken back."
    )
    most: int = Field(default=20, ge=1, le=100, description="How many to show.")
    skip: Skip = 0


class UndoAnswer(Noun):
    """What was done, newest first; `ways` counts all of it by what can be done about it.

    `complete` is false where only the latest were looked at. `put_in` is how many were ordered to
    be taken back by this answer, under `signal_ids`.
    """

    count: int
    complete: bool
    ways: dict[str, int]
    rows: tuple[UndoRow, ...]
    put_in: int = 0
    signal_ids: tuple[str, ...] = ()


def run(question: UndoQuestion, desk: Desk) -> Answer:
    """Return what can be taken back and what can't; with `confirm`, order it.

    What is ordered goes in at the door as an operator's word. What is taken back already, or
    waits for its provider, is not ordered again.

    Raises:
        MissingError: there is no such decision, delivery, person or action.
        MalformedError: `since` is no date.
    """
    found, complete = _find(question.what.strip(), question.since, desk)
    wanted = [one.action_id for one in found if one.way in OPEN] if question.confirm else []
    signals = [
        order_recall(part, question.why or "an operator's word", by=desk.scope.agent, now=desk.now)
        for first in range(0, len(wanted), _TOGETHER)
        if (part := wanted[first : first + _TOGETHER])
    ]
    if signals:
        desk.signals.send(
            [SignalReceived.of(s).model_dump_json(exclude_defaults=True) for s in signals]
        )
    data = UndoAnswer(
        count=len(found),
        complete=complete,
        ways=dict(sorted(Counter(one.way.value for one in found).items())),
        rows=_read_rows(cut_page(found, question.skip, question.most), desk),
        put_in=len(wanted),
        signal_ids=tuple(signal.signal_id for signal in signals),
    )
    return Answer(data, tuple(_show(data, question)))


def _read_rows(found: list[Done], desk: Desk) -> tuple[UndoRow, ...]:
    rows = [read_row(one) for one in found]
    names = name_people([row.person_id for row in rows], desk)
    return tuple(row.model_copy(update={"who": names.get(row.person_id or "")}) for row in rows)


def _find(what: str, since: str | None, desk: Desk) -> tuple[list[Done], bool]:
    from_then = _read_since(since) if since else None
    if what.startswith("dec_"):
        return find_decided(what, desk), True
    if what.startswith("act_"):
        return find_delivered(what, desk), True
    if what.startswith(MARK):
        return find_told(what, desk), True
    if _NAME.fullmatch(what) and not what.startswith("per_"):
        return find_campaign(what, from_then or days_before(desk.now, _DAYS), desk)
    return find_personal(what, from_then, desk), True


def _read_since(text: str) -> datetime:
    return moment(f"{text}T00:00:00+00:00" if len(text) == _DATE else text)


def _show(data: UndoAnswer, question: UndoQuestion) -> list[Block]:
    counts = data.ways
    can = sum(counts.get(way.value, 0) for way in OPEN)
    part = "" if data.complete else ", of the latest only"
    first = (
        f"{count_of(data.count, 'action')} of {question.what}{part}: {can} can be taken back or "
    )
    first += f"stopped, {counts.get(Way.CANNOT.value, 0)} can't be, "
    first += f"{counts.get(Way.UNDONE.value, 0)} taken back already"
    rest = {Way.ASKED: "stopped or asked for already", Way.NOTHING: "of which nothing was done"}
    for way, words in rest.items():
        first += f", {counts[way.value]} {words}" if counts.get(way.value) else ""
    view: list[Block] = [Said.of(first, "the action layer's own table")]
    if data.rows:
        view.append(
            Rows(
                title="What was done",
                columns=("at", "for", "action", "channel", "how", "undo", "delivery"),
                rows=tuple(
                    (
                        f"{r.at:%Y-%m-%d %H:%M} UTC",
                        r.who,
                        r.action,
                        r.channel,
                        r.status,
                        r.says,
                        r.action_id,
                    )
                    for r in data.rows
                ),
                more=count_after(data.count, question.skip, len(data.rows)),
                next_skip=question.skip + len(data.rows),
            )
        )
    if data.put_in:
        said = f"{data.put_in} ordered to be taken back: ask again to see what was, with its proof."
        view.append(Said.of(said, *data.signal_ids[:5]))
    elif question.confirm:
        view.append(Said.of("Nothing was ordered: nothing of it is left to take back.", "as shown"))
    elif can:
        view.append(Said.of("Nothing was done yet: `confirm` does it.", "as shown"))
    return view


TOOL = Tool(
    name="undo",
    description="Take back what a decision did, what was done for a person, or all that an action "
    "did since a date: shows first what can be taken back and what can't; with confirm it is done "
    "at the providers, and asked again it shows the proof.",
    arguments=UndoQuestion,
    answer=UndoAnswer,
    run=run,
    effect=Effect.ACTS,
    for_operators=True,
    examples=(
        {"what": "Jane Doe at Bright Pay"},
        {"what": "dec_0123456789abcdef0123456789abcdef", "confirm": True},
        {"what": "bdr_call", "since": "2026-01-31"},
    ),
)
