"""What was decided lately, what waits for a person, and whose stage moved."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Literal

from pydantic import Field

from functions.agent.by_day import list_by_day
from functions.agent.compact import BriefDecision, brief_decision
from functions.agent.company_view import name_companies
from functions.agent.counted import count_of
from functions.agent.ledger import find_deliveries
from functions.agent.names import name_people, say_whom
from functions.agent.paging import Skip, count_after, cut_page
from functions.agent.sent import say_how
from functions.agent.tool import Answer, Desk, Tool
from mos.events import SubjectPlaced
from mos.model.base import Instant, Noun
from mos.model.decision import Decision
from mos.model.stage import Level
from mos.model.view import Block, Rows, Said


class RecentQuestion(Noun):
    """How far back to look, and at what."""

    hours: int = Field(default=24, ge=1, le=168, description="How many hours back.")
    only: Literal["all", "waits", "acts"] = Field(
        default="all",
        description="waits: what needs a person's approval; acts: not wait and do-nothing.",
    )
    most: int = Field(default=20, ge=1, le=100, description="How many to show.")
    skip: Skip = 0


class StageMove(Noun):
    """A subject whose stage moved in a run: from which one, to which, by which row.

    `name` is the person, or the company of an account or a group, as the reader may know them.
    """

    at: Instant
    level: str
    subject_id: str
    name: str | None = None
    was: str | None
    to: str
    row: str
    why: str


class RecentDecision(BriefDecision):
    """A decision with the person and the company that it is about."""

    account_id: str
    company: str | None
    who: str | None = None


class RecentAnswer(Noun):
    """The latest decisions, newest first, how often each action was chosen, and who moved.

    `count` is of all that were looked at; `complete` is false where there were more than one
    answer can count. `moves` are the newest of the decisions shown, `moved` counts all of these.
    `held` of these hours' actions are held back, `waiting` decisions were to wait for a time.
    """

    since: Instant
    count: int
    complete: bool
    actions: dict[str, int]
    decisions: tuple[RecentDecision, ...]
    moves: tuple[StageMove, ...]
    moved: int
    held: int = 0
    waiting: int = 0


def run(question: RecentQuestion, desk: Desk) -> Answer:
    """Return what the ledger holds of these hours, and the moves of the runs that made it."""
    since = desk.now - timedelta(hours=question.hours)
    every, complete = list_by_day(since, desk)
    found = [d for d in every if _is_wanted(d, question.only)]
    shown = cut_page(found, question.skip, question.most)
    counts: dict[str, int] = {}
    for one in found:
        counts[one.action] = counts.get(one.action, 0) + 1
    companies = name_companies([d.account_id for d in shown], desk)
    moves = _moves(shown, companies, desk)
    people = name_people([d.person_id for d in shown], desk)
    data = RecentAnswer(
        since=since,
        count=len(found),
        complete=complete,
        actions=dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
        decisions=tuple(
            RecentDecision(
                **dict(brief_decision(one)),
                account_id=one.account_id,
                company=companies.get(one.account_id),
                who=people.get(one.person_id or ""),
            )
            for one in shown
        ),
        moves=tuple(moves[: question.most]),
        moved=len(moves),
        held=_count_held(every, desk),
        waiting=sum(one.wait_until is not None for one in every),
    )
    return Answer(data, _show(data, question))


def _count_held(decisions: Sequence[Decision], desk: Desk) -> int:
    touching = [one for one in decisions if one.channel != "none"]
    return sum(say_how(one) == "held" for one in find_deliveries(touching, desk))


def _is_wanted(decision: Decision, only: str) -> bool:
    if only == "waits":
        return decision.needs_approval
    return only == "all" or decision.channel != "none"


def _moves(
    decisions: Sequence[Decision], companies: Mapping[str, str], desk: Desk
) -> list[StageMove]:
    """Return the moves of these decisions' runs."""
    keys = [(f"RUN#{d.run_id}", "PLACED") for d in decisions]
    held = desk.tables("lifecycle").get_many(keys) if keys else {}
    moves = []
    for key in keys:
        if key not in held or not held[key].body:
            continue
        event = SubjectPlaced.parse(held[key].body)
        moves += [
            StageMove(
                at=event.occurred_at,
                level=placed.level.value,
                subject_id=placed.subject_id,
                name=companies.get(event.account_id),
                was=placed.previous,
                to=placed.stage,
                row=f"{placed.receipt.table}#{placed.receipt.row}",
                why=placed.receipt.why,
            )
            for placed in (event.account, event.group, *event.people)
            if placed.moved
        ]
    people = name_people([m.subject_id for m in moves if m.level == Level.PERSON], desk)
    return [m.model_copy(update={"name": people.get(m.subject_id, m.name)}) for m in moves]


def _show(data: RecentAnswer, question: RecentQuestion) -> tuple[Block, ...]:
    chosen = ", ".join(f"{name} {count}" for name, count in data.actions.items()) or "nothing"
    part = "" if data.complete else "at least "
    what = " for a person's approval" if question.only == "waits" else ""
    count = f"{count_of(data.count, 'decision')}{what}"
    first = f"{part}{count} since {data.since:%Y-%m-%d %H:%M} UTC: {chosen}"
    if data.held:
        first += (
            f"; {count_of(data.held, 'action')} held back: `outbox` with status=held lists them"
        )
    if question.only == "waits" and data.waiting:
        first += f"; {count_of(data.waiting, 'decision')} to wait for a time"
    decisions = Rows(
        title="Decisions",
        columns=("at", "for", "action", "why", "decision"),
        rows=tuple(
            (
                f"{d.at:%Y-%m-%d %H:%M} UTC",
                say_whom(d.who, d.company),
                d.action,
                d.reason,
                d.decision_id,
            )
            for d in data.decisions
        ),
        more=count_after(data.count, question.skip, len(data.decisions)),
        next_skip=question.skip + len(data.decisions),
    )
    moves = Rows(
        title="Stages that moved",
        columns=("level", "who", "from", "to", "row"),
        rows=tuple((m.level, m.name or m.subject_id, m.was, m.to, m.row) for m in data.moves),
        more=data.moved - len(data.moves),
    )
    blocks: list[Block] = [Said.of(first, "the ledger, by day"), decisions]
    return (*blocks, moves) if data.moves else tuple(blocks)


TOOL = Tool(
    name="recent",
    description="What changed lately: the latest decisions and how often each action was chosen, "
    "what needs a person's approval (only=waits), and whose stage moved.",
    arguments=RecentQuestion,
    answer=RecentAnswer,
    run=run,
    examples=({}, {"hours": 48, "only": "waits"}),
)
