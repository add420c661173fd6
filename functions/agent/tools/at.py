"""What did we know of somebody at a moment: by when it happened, and by when we heard of it."""

from typing import Any

from pydantic import Field

from functions.agent.compact import BriefDecision, brief_decision
from functions.agent.counted import count_of
from functions.agent.explain import where_it_stands
from functions.agent.ledger import list_newest
from functions.agent.log import known_then
from functions.agent.search import split_subject
from functions.agent.standing import current, find_stood, moment
from functions.agent.subject import Subject, called, groups, person, shown, unwrap_subject
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.errors import MalformedError, MissingError
from mos.model.base import Noun
from mos.model.profile import Profile
from mos.model.stage import Placement
from mos.model.view import Said
from mos.policy.fact_values import say_number

_DECISIONS = 40


class AtQuestion(Noun):
    """Whom, and which moment: by when it happened, by when we had heard of it, or both."""

    subject: Subject
    as_of: str | None = Field(
        default=None,
        max_length=40,
        description="As it had happened by then: a date, or a moment such as 2026-01-31T09:00:00Z.",
    )
    known_at: str | None = Field(
        default=None, max_length=40, description="As we had heard of it by then."
    )


class AtAnswer(Noun):
    """The profile then and now, where the person and their company stood, the last decision then.

    `linked_later` counts identifiers that came since. Stages and decisions are those that stood at
    the earlier of the two moments.
    """

    then: dict[str, Any]
    now: dict[str, Any]
    linked_later: int
    stages: tuple[Placement, ...]
    decision: BriefDecision | None


def run(question: AtQuestion, desk: Desk) -> Answer:
    """Return layer by layer what was known: data from the log, stages and decisions as kept."""
    moments = [moment(said) for said in (question.as_of, question.known_at) if said]
    if not moments:
        raise MalformedError("at: give as_of, known_at, or both")
    at = min(moments)
    now = person(question.subject, desk)
    key = _key(question.subject, [i.key for i in now.identifiers])
    then = _known_then(question, now, key, desk)
    news = len({i.key for i in now.identifiers} - {i.key for i in then.identifiers})
    were = "was" if news == 1 else "were"
    linked = f"{count_of(news, 'identifier')} {were} linked later"
    since = linked if news else "the same identifiers as now"
    engaged = say_number(then.engagement)
    signals = count_of(sum(then.counts.values()), "human signal")
    whose = f"{called(then, desk)} at {at:%Y-%m-%d %H:%M} UTC"
    still = f"{sum(now.counts.values())} now; engagement {engaged}; {since}."
    text = f"{whose}: {signals} then, {still}"
    placed = [p for s in _subjects(now, desk) for held in current(s, desk)
              if (p := find_stood(held, at, desk))]  # fmt: skip
    held = [group.group_id for group in groups(now, desk.bundle(None), desk)]
    earlier = [d for d in list_newest(held, desk, _DECISIONS) if d.decided_at <= at]
    last = earlier[0] if earlier else None
    view = [Said.of(text, now.profile_id), *where_it_stands(placed)]
    if at > desk.now:
        view.append(Said.of("That moment is to come: this is what is known now.", now.profile_id))
    if not placed:
        view.append(Said.of("Neither they nor their company had been placed yet.", now.profile_id))
    if last:
        view.append(Said.of(f"Last decided: {last.action}, {last.reason}", last.decision_id))
    data = AtAnswer(
        then=shown(then, desk),
        now=shown(now, desk),
        linked_later=news,
        stages=tuple(placed),
        decision=brief_decision(last) if last else None,
    )
    return Answer(data, tuple(view))


def _known_then(question: AtQuestion, now: Profile, key: str, desk: Desk) -> Profile:
    bundle = desk.bundle(None)
    as_of, known_at = (moment(m) if m else None for m in (question.as_of, question.known_at))
    try:
        return known_then(now, key, desk, bundle, as_of=as_of, known_at=known_at)
    except MissingError:
        # In the words of who asks: the identifier may be one that they may not see.
        raise MissingError(
            f"person known as {question.subject!r} at that moment: the first that was heard came "
            "later (see `signals`)"
        ) from None


def _subjects(profile: Profile, desk: Desk) -> list[str]:
    held = groups(profile, desk.bundle(None), desk)
    account = [profile.account_id] if profile.account_id else []
    return [*account, *(g.group_id for g in held), profile.profile_id]


def _key(subject: str, held: list[str]) -> str:
    asked = unwrap_subject(subject)
    asked = asked.lower() if "@" in asked else asked
    key = asked if ":" in asked else f"email:{asked}"
    unnamed = asked.startswith("per_") or split_subject(asked) is not None
    return held[0] if unnamed else key


TOOL = Tool(
    name="at",
    description="Somebody as they were at a moment, layer by layer: the profile from the signal "
    "log by as_of (when it happened) and known_at (when we had heard of it), the stages, and the "
    "last decision.",
    arguments=AtQuestion,
    answer=AtAnswer,
    run=run,
    examples=({"subject": "jane@brightpay.example", "as_of": "2026-01-31T09:00:00Z"},),
    commands=(Command("at", takes=("!subject", "?as_of", "known_at")),),
)
