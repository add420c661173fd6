"""Pairs that are likely one and not likely enough: look at them, say yes or no."""

from typing import Literal

from pydantic import Field

from functions.agent.propose import Proposed, identifier, propose
from functions.agent.tool import Answer, Command, Desk, Effect, Tool
from mos.errors import MalformedError, MissingError
from mos.identity.correction import OPERATOR, belongs, close, keep_apart, merge
from mos.model.base import Facts, Instant, Noun
from mos.model.review import Review
from mos.model.view import Said


class ReviewQuestion(Noun):
    """List what waits, or answer one: accept or reject, by its id."""

    word: Literal["list", "accept", "reject"] = Field(
        default="list", description="What to do: list what waits, accept or reject one."
    )
    review_id: str = Field(default="", description="Which pair is answered: rev_…, see the list.")


class ReviewRow(Noun):
    """A pair that waits; who it is, where personal data may be read."""

    review_id: str
    kind: str
    left: str | None
    right: str | None
    probability: float
    why: str
    at: Instant


class ReviewAnswer(Proposed):
    """The pairs that wait, surest first; of an answer, the signal that it went in as."""

    reviews: tuple[ReviewRow, ...] = ()


def run(question: ReviewQuestion, desk: Desk) -> Answer:
    """Return what waits, surest first; an answer goes in at the door as a human's word."""
    table = desk.tables("identity")
    if question.word == "list":
        found = [Review.parse(r.body) for r in table.query("REVIEW", limit=500)]
        found.sort(key=lambda r: (-r.probability, r.review_id))
        first = Said.of(f"{len(found)} pairs wait for a human", "identity reviews")
        rows = tuple(_row_of(r, desk) for r in found)
        lines = tuple(Said.of(_line(r), r.review_id) for r in rows)
        return Answer(ReviewAnswer(reviews=rows), (first, *lines))
    record = table.get("REVIEW", question.review_id)
    if record is None:
        raise MissingError(f"review {question.review_id}: `review` lists them")
    review = Review.parse(record.body)
    left = identifier(review.left)
    facts: Facts = {
        "review": review.review_id,
        "match_probability": review.probability,
        "match_why": review.why,
    }
    by, now = desk.scope.agent, desk.now
    if question.word == "reject" and review.kind == "person":
        told = keep_apart([left], [identifier(review.right)], facts, by=by, now=now)
        return propose(told, "Proposed: never one.", desk)
    if question.word == "reject":
        return propose([close(left, facts, by=by, now=now)], "Proposed: not theirs.", desk)
    if review.kind == "account":
        said = belongs(left, review.right, facts | {"by": by}, source=OPERATOR, now=now)
        return propose([said], f"Proposed: they work at {review.right}.", desk)
    if review.kind != "person":
        raise MalformedError(f"a review of {review.kind} cannot be accepted")
    right = identifier(review.right)
    return propose([merge(left, right, facts, by=by, now=now)], "Proposed: one person.", desk)


def _line(row: ReviewRow) -> str:
    pair = f"{row.left} = {row.right}" if row.left else row.kind
    return f"  {row.probability:.0%} {pair}: {row.why}"


def _row_of(review: Review, desk: Desk) -> ReviewRow:
    open_ = desk.scope.personal_data
    return ReviewRow(
        review_id=review.review_id,
        kind=review.kind,
        left=review.left if open_ else None,
        right=review.right if open_ else None,
        probability=review.probability,
        why=review.why,
        at=review.at,
    )


TOOL = Tool(
    name="review",
    description="Pairs of people, or people and accounts, that may be one: list them, accept or "
    "reject one.",
    arguments=ReviewQuestion,
    answer=ReviewAnswer,
    run=run,
    examples=({"word": "accept", "review_id": "rev_0123456789abcdef0123456789abcdef"},),
    for_operators=True,
    commands=(
        Command(
            "identity review list",
            {"word": "list"},
            "List what waits for a human, the likeliest first, with the weights.",
            takes=(),
        ),
        Command("identity review accept", {"word": "accept"}, "Say: one.", ("!review_id",)),
        Command("identity review reject", {"word": "reject"}, "Say: two.", ("!review_id",)),
    ),
    effect=Effect.ACTS,
)
