"""What was sent, held back or refused lately, about somebody or about everybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import Field

from functions.agent.by_day import list_by_day
from functions.agent.delivery_notes import NO_NOTE, find_releases, read_notes
from functions.agent.ledger import find_deliveries, list_newest, list_notices
from functions.agent.names import name_companies, name_people
from functions.agent.notices import name_delivery
from functions.agent.outbox import OutboxAnswer, StrayReceipt, Told, show_outbox
from functions.agent.paging import Skip, cut_page
from functions.agent.sent import HOW, Sent, read_sent, say_how
from functions.agent.subject import groups, person
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.errors import MalformedError
from mos.model.base import Noun
from mos.model.decision import Decision
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.notice import Notice

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
        description=f"Only these. One of {', '.join(HOW)}.",
    )
    dry_run: bool = Field(
        default=False, description="Only what a dry run would have sent, with its subject."
    )
    silent: bool = Field(
        default=False, description="Only those of which their provider told nothing in time."
    )
    most: int = Field(default=20, ge=1, le=100, description="How many to show.")
    skip: Skip = 0


def run(question: OutboxQuestion, desk: Desk) -> Answer:
    """Return what the action layer keeps of the decisions, with the provider's own id.

    Raises:
        MalformedError: no delivery ends in such a status.
    """
    if question.status and question.status not in HOW:
        raise MalformedError(f"status: expected one of {', '.join(HOW)}")
    decisions, complete = _decisions(question, desk)
    touching = [d for d in decisions if d.channel != "none"]
    held = find_deliveries(touching, desk)
    silent = [one for one in held if _is_silent(one, desk)]
    chosen = silent if question.silent else held
    chosen = [one for one in chosen if one.is_dry] if question.dry_run else chosen
    found = [one for one in chosen if question.status in ("", say_how(one))]
    counts: dict[str, int] = {}
    for one in held:
        counts[say_how(one)] = counts.get(say_how(one), 0) + 1
    released = find_releases(held, desk)
    shown = _name(cut_page(found, question.skip, question.most), decisions, released, desk)
    # Who asks for some deliveries asks for nothing else.
    is_narrow = bool(question.subject or question.status or question.silent or question.dry_run)
    data = OutboxAnswer(
        count=len(found),
        complete=complete,
        counts=counts,
        undelivered=len(touching) - len(held),
        deliveries=shown,
        notices=() if is_narrow else _tell_all(list_notices(question.hours, desk), desk),
        silent=len(silent),
        rehearsed=sum(one.is_dry for one in held),
        released=len(released),
        strays=() if is_narrow else _list_strays(question, desk),
    )
    return Answer(
        data, show_outbox(data, question.subject, question.hours, question.most, question.skip)
    )


def _name(
    found: Sequence[Delivery],
    decisions: Sequence[Decision],
    released: Mapping[str, datetime],
    desk: Desk,
) -> tuple[Sent, ...]:
    """Return deliveries as rows, with whom each was for and what is noted beside it."""
    notes = read_notes([one.action_id for one in found], desk)
    accounts = {one.decision_id: one.account_id for one in decisions}
    people = name_people([one.person_id for one in found], desk)
    companies = name_companies([accounts.get(one.decision_id) for one in found], desk)
    return tuple(
        read_sent(one, desk.scope).model_copy(
            update={
                "who": people.get(one.person_id or ""),
                "company": companies.get(accounts.get(one.decision_id, "")),
                "asked_at": notes.get(one.action_id, NO_NOTE).asked_at,
                "leaves_by": released.get(one.action_id),
            }
        )
        for one in found
    )


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


def _tell_all(notices: Sequence[Notice], desk: Desk) -> tuple[Told, ...]:
    companies = name_companies([one.account_id for one in notices], desk)
    return tuple(_tell(one, companies.get(one.account_id)) for one in notices)


def _tell(one: Notice, company: str | None) -> Told:
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
        action_id=name_delivery(one.notice_id),
        company=company,
    )


TOOL = Tool(
    name="outbox",
    description="What was sent, held back or refused lately, about somebody or about everybody: "
    "for whom, over which channel, how it ended and why, the provider's id, how it is put right; "
    "what its provider told nothing of in time, what a dry run would have sent, and receipts for "
    "what we did not send.",
    arguments=OutboxQuestion,
    answer=OutboxAnswer,
    run=run,
    examples=({}, {"subject": "Jane Doe at Bright Pay"}, {"status": "refused"}, {"dry_run": True}),
    commands=(
        Command(
            "outbox", takes=("?subject", "hours", "status", "dry_run", "silent", "most", "skip")
        ),
    ),
)
