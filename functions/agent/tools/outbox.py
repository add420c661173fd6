"""What was sent, held back or refused lately, about somebody or about everybody."""

from datetime import timedelta

from pydantic import Field

from functions.agent.ledger import find_deliveries, list_by_day, list_newest, list_notices
from functions.agent.sent import Sent, read_sent
from functions.agent.subject import groups, person
from functions.agent.tool import Answer, Desk, Tool
from mos.errors import MalformedError
from mos.model.base import Instant, Noun
from mos.model.decision import Decision
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.notice import Notice
from mos.model.view import Block, Rows, Said

_LAST, _MOST_STRAYS = 40, 100


class OutboxQuestion(Noun):
    """Whose deliveries, or how far back everybody's."""

    subject: str = Field(
        default="", max_length=320, description="A person; empty: everybody's of these hours."
    )
    hours: int = Field(default=24, ge=1, le=168, description="How many hours back, of everybody's.")
    status: str = Field(
        default="",
        max_length=20,
        description=f"Only these. One of {', '.join(DeliveryStatus)}.",
    )
    silent: bool = Field(
        default=False, description="Only those of which their provider told nothing in time."
    )
    most: int = Field(default=20, ge=1, le=100, description="How many to show.")


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


class StrayReceipt(Noun):
    """A receipt for something that we did not send, and why it is none of ours."""

    at: Instant
    action_id: str
    receipt: str
    why: str


class OutboxAnswer(Noun):
    """The deliveries, newest first; `counts` is of all that were looked at, by how they ended.

    `undelivered` counts decisions that touch somebody and of which nothing was delivered yet,
    `silent` deliveries of which their provider told nothing in time. Of everybody's of these hours,
    `strays` are receipts for what we did not send, `notices` what colleagues were told of broken
    promises.
    """

    count: int
    complete: bool
    counts: dict[str, int]
    undelivered: int
    deliveries: tuple[Sent, ...]
    notices: tuple[Told, ...] = ()
    silent: int = 0
    strays: tuple[StrayReceipt, ...] = ()


def run(question: OutboxQuestion, desk: Desk) -> Answer:
    """Return what the action layer keeps of the decisions, with the provider's own id.

    Raises:
        MalformedError: no delivery ends in such a status.
    """
    if question.status and question.status not in set(DeliveryStatus):
        raise MalformedError(f"status: expected one of {', '.join(DeliveryStatus)}")
    decisions, complete = _decisions(question, desk)
    touching = [d for d in decisions if d.channel != "none"]
    held = find_deliveries(touching, desk)
    silent = [one for one in held if _is_silent(one, desk)]
    chosen = silent if question.silent else held
    found = [one for one in chosen if question.status in ("", one.status.value)]
    counts: dict[str, int] = {}
    for one in held:
        counts[one.status.value] = counts.get(one.status.value, 0) + 1
    shown = tuple(read_sent(one) for one in found[: question.most])
    data = OutboxAnswer(
        count=len(found),
        complete=complete,
        counts=counts,
        undelivered=len(touching) - len(held),
        deliveries=shown,
        notices=() if question.subject else tuple(map(_tell, list_notices(question.hours, desk))),
        silent=len(silent),
        strays=() if question.subject else _list_strays(question, desk),
    )
    return Answer(data, _show(data, question))


def _is_silent(one: Delivery, desk: Desk) -> bool:
    is_outside = one.status in (DeliveryStatus.SENT, DeliveryStatus.UNKNOWN)
    is_late = one.told_by is not None and one.told_by <= desk.now
    is_undone = one.undone is not None and one.undone.done
    return is_outside and is_late and not one.receipts and not is_undone


def _list_strays(question: OutboxQuestion, desk: Desk) -> tuple[StrayReceipt, ...]:
    """Return the receipts of these hours that nobody had asked for, the newest first."""
    since, day = desk.now - timedelta(hours=question.hours), desk.now
    found = list[StrayReceipt]()
    while day.date() >= since.date():
        records = desk.tables("actions").query(f"STRAY#{day:%Y-%m-%d}", limit=_MOST_STRAYS)
        found += [
            StrayReceipt.model_validate(
                {
                    "at": r.tags["at"],
                    "action_id": r.tags["action"],
                    "receipt": r.tags["receipt"],
                    "why": r.tags["why"],
                }
            )
            for r in records
        ]
        day -= timedelta(days=1)
    late = [one for one in found if one.at >= since]
    return tuple(sorted(late, key=lambda one: (one.at, one.action_id), reverse=True))


def _decisions(question: OutboxQuestion, desk: Desk) -> tuple[list[Decision], bool]:
    if not question.subject:
        return list_by_day(desk.now - timedelta(hours=question.hours), desk)
    profile = person(question.subject, desk)
    ids = [group.group_id for group in groups(profile, desk.bundle(None), desk)]
    every = list_newest(ids, desk, _LAST)
    return [d for d in every if d.person_id == profile.profile_id], len(every) < _LAST


def _tell(one: Notice) -> Told:
    return Told(
        notice_id=one.notice_id,
        at=one.at,
        to=one.to,
        had=one.had,
        promise=one.clock.name,
        group_id=one.group_id,
        account_id=one.account_id,
        row=one.row,
        says=one.tried or "waits",
    )


def _show(data: OutboxAnswer, question: OutboxQuestion) -> tuple[Block, ...]:
    ends = ", ".join(f"{count} {status}" for status, count in sorted(data.counts.items()))
    whose = f"about {question.subject}" if question.subject else f"in {question.hours} hours"
    part = "" if data.complete else ", of the latest only"
    first = f"Deliveries {whose}{part}: {ends or 'none'}; {data.undelivered} not delivered yet"
    if data.silent:
        first += f"; of {data.silent} the provider told nothing in time"
    table = Rows(
        title="Deliveries",
        columns=("at", "action", "channel", "how", "why", "delivery"),
        rows=tuple(
            (f"{s.at:%Y-%m-%d %H:%M} UTC", s.action, s.channel, s.status, s.reason, s.action_id)
            for s in data.deliveries
        ),
        more=data.count - len(data.deliveries),
    )
    blocks: list[Block] = [Said.of(first, "the action layer's own table"), table]
    if data.notices:
        blocks.append(_show_notices(data.notices, question.most))
    if data.strays:
        blocks.append(_show_strays(data.strays))
    return tuple(blocks)


def _show_notices(notices: tuple[Told, ...], most: int) -> Rows:
    return Rows(
        title="Colleagues told of broken promises",
        columns=("at", "to", "who had it", "promise", "how", "rule"),
        rows=tuple(
            (f"{n.at:%Y-%m-%d %H:%M} UTC", n.to, n.had or "nobody", n.promise, n.says, n.row)
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


TOOL = Tool(
    name="outbox",
    description="What was sent, held back or refused lately, about somebody or about everybody: "
    "channel, how it ended and why, the provider's id, how it is put right; what its provider told "
    "nothing of in time, and receipts for what we did not send.",
    arguments=OutboxQuestion,
    answer=OutboxAnswer,
    run=run,
    examples=({}, {"subject": "Jane Doe at Bright Pay"}, {"status": "refused"}),
)
