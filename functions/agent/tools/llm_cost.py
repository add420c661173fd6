"""What models have cost, by task, model, day, person or decision."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from functions.agent.completions import SHARES, list_attempts, list_lines
from functions.agent.counted import count_of
from functions.agent.paging import Skip, count_after, cut_page
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.model.base import Noun
from mos.model.completion import FALLBACK, CompletionLine
from mos.model.view import Rows, Said


class LlmCostQuestion(Noun):
    """By what, and how many days back."""

    by: Literal["task", "model", "day", "person", "decision"] = Field(
        default="task", description="By what: task, model, day, person or decision."
    )
    days: int = Field(default=7, ge=1, le=90, description="How many days back.")
    most: int = Field(default=20, ge=1, le=500, description="How many rows to show.")
    skip: Skip = 0


class LlmCostRow(Noun):
    """What one of them cost: questions (by model: calls), tokens, and how many fell back."""

    name: str
    usd: float
    count: float
    tokens_in: int
    tokens_out: int
    fallbacks: float


class LlmCostAnswer(Noun):
    """The dearest first; `complete` is false where there were more than were looked at."""

    by: str
    usd: float
    questions: int
    fallbacks: int
    complete: bool
    rows: tuple[LlmCostRow, ...]


@dataclass
class _Sum:
    usd: float = 0.0
    count: float = 0.0
    tokens_in: float = 0.0
    tokens_out: float = 0.0
    fallbacks: float = 0.0


def run(question: LlmCostQuestion, desk: Desk) -> Answer:
    """Return what models have cost, a shadow's part with it.

    A question about several people is borne by them in equal parts. What an erased person's
    questions cost is no longer listed.
    """
    lines, complete = list_lines(question.days, desk)
    sums = _by_model(lines) if question.by == "model" else _by(question.by, lines)
    ordered = sorted(sums.items(), key=lambda pair: (-pair[1].usd, pair[0]))
    rows = tuple(
        LlmCostRow(name=name, usd=round(one.usd, 6), count=round(one.count, 3),
                   tokens_in=round(one.tokens_in), tokens_out=round(one.tokens_out),
                   fallbacks=round(one.fallbacks, 3))
        for name, one in ordered
    )  # fmt: skip
    data = LlmCostAnswer(
        by=question.by,
        usd=round(sum(line.usd for line in lines), 6),
        questions=len(lines),
        fallbacks=sum(line.by == FALLBACK for line in lines),
        complete=complete,
        rows=cut_page(rows, question.skip, question.most),
    )
    return Answer(data, _show(data, question, len(rows)))


def _by(what: str, lines: Sequence[CompletionLine]) -> dict[str, _Sum]:
    sums: defaultdict[str, _Sum] = defaultdict(_Sum)
    for line in lines:
        for name, share in SHARES[what](line):
            one = sums[name]
            one.usd += share * line.usd
            one.count += share
            one.fallbacks += share * (line.by == FALLBACK)
            for attempt, _ in list_attempts(line):
                one.tokens_in += share * attempt.tokens_in
                one.tokens_out += share * attempt.tokens_out
    return sums


def _by_model(lines: Sequence[CompletionLine]) -> dict[str, _Sum]:
    sums: defaultdict[str, _Sum] = defaultdict(_Sum)
    for line in lines:
        for attempt, is_shadow in list_attempts(line):
            one = sums[f"{attempt.model} (shadow)" if is_shadow else attempt.model or "no model"]
            one.usd += attempt.usd
            one.count += 1
            one.tokens_in += attempt.tokens_in
            one.tokens_out += attempt.tokens_out
            one.fallbacks += line.by == FALLBACK and not is_shadow
    return sums


def _show(data: LlmCostAnswer, question: LlmCostQuestion, found: int) -> tuple[Said | Rows, ...]:
    least = "" if data.complete else "at least "
    what = count_of(data.questions, "question")
    days = count_of(question.days, "day")
    first = f"{least}${data.usd:,.4f} for {what} in {days}; {data.fallbacks:,} answered by rule."
    said = Said.of(first, "completions")
    if not data.rows:
        return (said,)
    counted = "calls" if data.by == "model" else "questions"
    rows = Rows(
        title=f"By {data.by}",
        columns=(data.by, "US dollars", counted, "tokens in", "tokens out", "by rule"),
        rows=tuple(
            (r.name, r.usd, r.count, r.tokens_in, r.tokens_out, r.fallbacks) for r in data.rows
        ),
        more=count_after(found, question.skip, len(data.rows)),
        next_skip=question.skip + len(data.rows),
    )
    return (said, rows)


TOOL = Tool(
    name="llm_cost",
    description="What models have cost, by task, model, day, person or decision, and how many "
    "questions were answered by rule instead.",
    arguments=LlmCostQuestion,
    answer=LlmCostAnswer,
    run=run,
    for_operators=True,
    examples=({}, {"by": "model", "days": 30}),
    commands=(Command("llm cost"),),
)
