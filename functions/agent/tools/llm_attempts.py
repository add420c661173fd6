"""How calls to models ended, by reason: why a question fell back, or went on to the next model."""

from collections import Counter

from pydantic import Field

from functions.agent.completions import list_attempts, list_lines
from functions.agent.counted import count_of, suggest_names
from functions.agent.paging import Skip, count_after, cut_page
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.errors import MalformedError
from mos.model.base import Instant, Noun
from mos.model.completion import Reason
from mos.model.view import Rows, Said


class LlmAttemptsQuestion(Noun):
    """Which attempts, and how many days back."""

    reason: str = Field(
        default="",
        max_length=40,
        description=f"Only these. One of {', '.join(Reason)}.",
    )
    task: str = Field(default="", max_length=60, description="Only this task's.")
    model: str = Field(default="", max_length=60, description="Only this model's, by its card.")
    days: int = Field(default=7, ge=1, le=90, description="How many days back.")
    most: int = Field(default=20, ge=1, le=500, description="How many to show.")
    skip: Skip = 0


class LlmAttempt(Noun):
    """One attempt: at which question, by whom, how it ended, and what it cost."""

    at: Instant
    completion_id: str
    task: str
    model: str
    reason: str
    detail: str
    decision_id: str
    usd: float
    seconds: float
    shadow: bool


class LlmAttemptsAnswer(Noun):
    """The newest first, and how many ended how; `complete` is false where more lie there."""

    count: int
    complete: bool
    reasons: dict[str, int]
    attempts: tuple[LlmAttempt, ...]


def run(question: LlmAttemptsQuestion, desk: Desk) -> Answer:
    """Return attempts with the reason that is kept of each.

    Raises:
        MalformedError: no attempt ends for such a reason.
    """
    if question.reason and question.reason not in set(Reason):
        near = suggest_names(question.reason, Reason, f"expected one of {', '.join(Reason)}")
        raise MalformedError(f"reason: {near}")
    lines, complete = list_lines(question.days, desk)
    found = [
        LlmAttempt(
            at=line.at, completion_id=line.completion_id, task=line.task, model=attempt.model,
            reason=str(attempt.reason), detail=attempt.detail if desk.scope.personal_data else "",
            decision_id=line.cause, usd=attempt.usd, seconds=attempt.seconds, shadow=is_shadow,
        )
        for line in lines
        for attempt, is_shadow in list_attempts(line)
        if question.task in ("", line.task) and question.model in ("", attempt.model)
    ]  # fmt: skip
    counts = Counter(one.reason for one in found)
    wanted = [one for one in found if question.reason in ("", one.reason)]
    data = LlmAttemptsAnswer(
        count=len(wanted),
        complete=complete,
        reasons=dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
        attempts=tuple(cut_page(wanted, question.skip, question.most)),
    )
    return Answer(data, _show(data, question))


def _show(data: LlmAttemptsAnswer, question: LlmAttemptsQuestion) -> tuple[Said | Rows, ...]:
    ends = ", ".join(f"{count:,} {reason}" for reason, count in data.reasons.items())
    least = "" if data.complete else "at least "
    first = f"{least}{count_of(data.count, 'attempt')} in {count_of(question.days, 'day')}"
    said = Said.of(f"{first}{': ' + ends if ends else ''}.", "completions")
    if not data.attempts:
        return (said,)
    rows = Rows(
        title="Attempts",
        columns=("at", "task", "model", "reason", "detail", "US dollars", "seconds", "decision"),
        rows=tuple(
            (f"{a.at:%Y-%m-%d %H:%M:%S}", a.task, f"{a.model}{' (shadow)' * a.shadow}", a.reason,
             a.detail, a.usd, a.seconds, a.decision_id)
            for a in data.attempts
        ),
        more=count_after(data.count, question.skip, len(data.attempts)),
        next_skip=question.skip + len(data.attempts),
    )  # fmt: skip
    return (said, rows)


TOOL = Tool(
    name="llm_attempts",
    description="How calls to models ended, by reason: why a question was answered by rule, or "
    "by another model of its route.",
    arguments=LlmAttemptsQuestion,
    answer=LlmAttemptsAnswer,
    run=run,
    for_operators=True,
    examples=({}, {"reason": "check_failed", "days": 1}),
    commands=(Command("llm attempts"),),
)
