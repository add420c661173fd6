"""What could not be processed, and why; and sending it again once the cause is mended."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from functions.agent.parked import ParkedThing, read_parked
from functions.agent.tool import Answer, Command, Desk, Effect, Tool
from mos.errors import MalformedError
from mos.model.base import Noun
from mos.model.view import Block, Rows, Said


class ParkedQuestion(Noun):
    """List what is parked by reason, or send some of it again."""

    word: Literal["list", "redrive"] = Field(default="list", description="List, or send again.")
    reason: str = Field(
        default="",
        max_length=200,
        description="Send again what is parked for this reason, or for this code: what stands "
        "before its colon.",
    )
    most: int = Field(default=500, ge=1, le=1000, description="How many messages to look at.")


class ParkedReason(Noun):
    """Why things are parked, how many, and how many of them can be sent again."""

    kind: str
    reason: str
    count: int
    redrivable: int


class ParkedAnswer(Noun):
    """What is parked, the most frequent reason first; `sent` is how many were sent again.

    `complete` is false where more lie there than were looked at.
    """

    count: int
    complete: bool
    reasons: tuple[ParkedReason, ...]
    sent: int = 0


def run(question: ParkedQuestion, desk: Desk) -> Answer:
    """Return what is parked; what is sent again goes back to the queue that it came from.

    A signal that came through before changes nothing. A run starts again from what it began with:
    what it had decided stands, and what it had sent is not sent again.

    Raises:
        MalformedError: it is to be sent again, and no reason is named.
    """
    if question.word == "redrive" and not question.reason:
        raise MalformedError("name the reason, or its code, as the list has it")
    things = [read_parked(message) for message in desk.parking.take(question.most)]
    sent = 0
    for thing in things:
        wanted = question.word == "redrive" and question.reason in (thing.reason, thing.code)
        if wanted and thing.is_redrivable:
            _send_again(thing, desk)
            sent += 1
        else:
            desk.parking.release(thing.message)
    rows = _count(things)
    data = ParkedAnswer(
        count=len(things), complete=len(things) < question.most, reasons=rows, sent=sent
    )
    return Answer(data, tuple(_show(data, question)))


def _send_again(thing: ParkedThing, desk: Desk) -> None:
    if thing.run is not None:
        desk.parking.restart(thing.message, thing.run)
    elif thing.body is not None:
        desk.parking.redrive(thing.message, thing.body)


def _count(things: Sequence[ParkedThing]) -> tuple[ParkedReason, ...]:
    counts = Counter((t.kind, t.reason) for t in things)
    can = Counter((t.kind, t.reason) for t in things if t.is_redrivable)
    return tuple(
        ParkedReason(kind=key[0], reason=key[1], count=count, redrivable=can[key])
        for key, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _show(data: ParkedAnswer, question: ParkedQuestion) -> list[Block]:
    least = "" if data.complete else "at least "
    first = f"{least}{data.count} parked"
    if question.word == "redrive":
        kept = sum(
            r.count - r.redrivable
            for r in data.reasons
            if question.reason in (r.reason, r.reason.partition(":")[0])
        )
        first = f"{data.sent} sent again"
        first += (
            f"; {kept} of this reason cannot be: refused for good, or without what they began with"
            * (kept > 0)
        )
    view: list[Block] = [Said.of(first, "the queue of the parked")]
    if question.word == "list" and data.reasons:
        view.append(
            Rows(
                title="By reason",
                columns=("what", "reason", "how many", "can be sent again"),
                rows=tuple((r.kind, r.reason, r.count, r.redrivable) for r in data.reasons),
            )
        )
    return view


TOOL = Tool(
    name="parked",
    description="What could not be processed, by reason, and how much of it can be sent again; "
    "send again what was parked for one reason, once its cause is mended.",
    arguments=ParkedQuestion,
    answer=ParkedAnswer,
    run=run,
    effect=Effect.ACTS,
    for_operators=True,
    examples=({}, {"word": "redrive", "reason": "OversizedError"}),
    commands=(
        Command("parked list", {"word": "list"}, "List what is parked, by reason.", ("most",)),
        Command(
            "parked redrive",
            {"word": "redrive"},
            "Send parked signals back to the queue, and start parked runs again.",
            ("!reason", "most"),
        ),
    ),
)
