"""Pairs that are likely one and not likely enough: look at them, say yes or no."""

from typing import Literal

from functions.agent.propose import identifier, propose
from functions.agent.tool import Answer, Desk, Effect, Tool
from mos.errors import MalformedError, MissingError
from mos.identity.correction import OPERATOR, belongs, close, keep_apart, merge
from mos.model.base import Facts, Noun
from mos.model.review import Review


class ReviewQuestion(Noun):
    """List what waits, or answer one: accept or reject, by its id."""

    word: Literal["list", "accept", "reject"] = "list"
    review_id: str = ""


def run(question: ReviewQuestion, desk: Desk) -> Answer:
    """Return what waits, surest first; an answer goes in at the door as a human's word."""
    table = desk.tables("identity")
    if question.word == "list":
        found = [Review.parse(r.body) for r in table.query("REVIEW", limit=500)]
        found.sort(key=lambda r: (-r.probability, r.review_id))
        lines = [f"{len(found)} pairs wait for a human"] + [_line(r, desk) for r in found]
        return Answer(text="\n".join(lines), data={"reviews": [_data(r, desk) for r in found]})
    record = table.get("REVIEW", question.review_id)
    if record is None:
        raise MissingError(f"review {question.review_id}: see `mos identity review list`")
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


def _line(review: Review, desk: Desk) -> str:
    pair = f"{review.left} = {review.right}" if desk.scope.personal_data else review.kind
    return f"  {review.probability:.0%} {pair} [{review.why}] {review.review_id}"


def _data(review: Review, desk: Desk) -> dict[str, object]:
    data = review.model_dump(mode="json") | {"review_id": review.review_id}
    if not desk.scope.personal_data:
        data = {k: v for k, v in data.items() if k not in {"left", "right"}}
    return data


TOOL = Tool(
    name="review",
    description="Pairs of people, or people and accounts, that may be one: list them, accept or "
    "reject one.",
    arguments=ReviewQuestion,
    run=run,
    effect=Effect.PROPOSES,
)
