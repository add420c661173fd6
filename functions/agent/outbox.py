"""What an outbox shows: deliveries, notices to colleagues, receipts that nobody asked for."""

from functions.agent.counted import count_of
from functions.agent.names import say_whom
from functions.agent.notices import say_outcome
from functions.agent.paging import count_after
from functions.agent.sent import Sent, say_state
from mos.model.base import Instant, Noun
from mos.model.view import Block, Rows, Said


class Told(Noun):
    """One notice to a colleague about a broken promise; `says` what became of it so far."""

    notice_id: str
    at: Instant
    to: str
    had: str | None
    promise: str
    group_id: str
    account_id: str
    row: str
    says: str
    action_id: str = ""
    company: str | None = None


class StrayReceipt(Noun):
    """A receipt for something that we did not send, and why it is none of ours."""

    at: Instant
    action_id: str
    receipt: str
    why: str


class OutboxAnswer(Noun):
    """The deliveries, newest first; `counts` is of all that were looked at, by how they ended.

    `undelivered` counts decisions that touch somebody and of which nothing is begun yet,
    `silent` deliveries of which their provider told nothing in time, `rehearsed` those that a dry
    run would have sent, `released` those held that no switch stops any more. Of everybody's of
    these hours, where nothing narrows them, `strays` are receipts for what we did not send,
    `notices` what colleagues were told of broken promises.
    """

    count: int
    complete: bool
    counts: dict[str, int]
    undelivered: int
    deliveries: tuple[Sent, ...]
    notices: tuple[Told, ...] = ()
    silent: int = 0
    rehearsed: int = 0
    released: int = 0
    strays: tuple[StrayReceipt, ...] = ()


def show_outbox(
    data: OutboxAnswer, subject: str, hours: int, most: int, skip: int = 0
) -> tuple[Block, ...]:
    """Return the deliveries as people read them, then notices and strays where there are any."""
    counts = sorted(data.counts.items())
    ends = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in counts)
    whose = f"about {subject}" if subject else f"in {count_of(hours, 'hour')}"
    part = "" if data.complete else ", of the latest only"
    first = f"Deliveries {whose}{part}: {ends or 'none'}; {data.undelivered} not begun yet"
    if data.silent:
        first += f"; of {data.silent} the provider told nothing in time"
    if data.released:
        first += f"; {data.released} of those held may leave again, and looks within minutes"
    if data.rehearsed:
        first += f"; {data.rehearsed} of a dry run would have been sent"
    table = _show_deliveries(data, skip)
    blocks: list[Block] = [Said.of(first, "the action layer's own table"), table]
    if data.notices:
        blocks.append(_show_notices(data.notices, most))
    if data.strays:
        blocks.append(_show_strays(data.strays))
    return tuple(blocks)


def _show_deliveries(data: OutboxAnswer, skip: int) -> Rows:
    subject = ("subject",) if any(s.is_dry for s in data.deliveries) else ()
    return Rows(
        title="Deliveries",
        columns=("at", "for", "action", "channel", *subject, "how", "why", "delivery"),
        rows=tuple(
            (
                f"{s.at:%Y-%m-%d %H:%M} UTC",
                say_whom(s.who, s.company),
                s.action,
                s.channel,
                *((s.subject,) if subject else ()),
                *say_state(s),
                s.action_id,
            )
            for s in data.deliveries
        ),
        more=count_after(data.count, skip, len(data.deliveries)),
        next_skip=skip + len(data.deliveries),
    )


def _show_notices(notices: tuple[Told, ...], most: int) -> Rows:
    return Rows(
        title="Colleagues told of broken promises",
        columns=("at", "about", "to", "who had it", "promise", "how", "rule", "notice"),
        rows=tuple(
            (
                f"{n.at:%Y-%m-%d %H:%M} UTC",
                n.company,
                n.to,
                n.had or "nobody",
                n.promise,
                say_outcome(n.says),
                n.row,
                n.notice_id,
            )
            for n in notices[:most]
        ),
        more=max(0, len(notices) - most),
    )


def _show_strays(strays: tuple[StrayReceipt, ...]) -> Rows:
    return Rows(
        title="Receipts for what we did not send",
        columns=("at", "receipt", "delivery", "why"),
        rows=tuple((f"{s.at:%Y-%m-%d %H:%M} UTC", s.receipt, s.action_id, s.why) for s in strays),
    )
