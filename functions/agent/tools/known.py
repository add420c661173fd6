"""What did we know of somebody at a moment: by when it happened, and by when we heard of it."""

from functions.agent.log import known_then
from functions.agent.subject import called, person, shown
from functions.agent.tool import Answer, Desk, Tool
from mos.errors import MalformedError
from mos.model.base import Instant, Noun


class KnownQuestion(Noun):
    """A person, and a moment: `as_of` bounds when it happened, `known_at` when we heard of it."""

    subject: str
    as_of: Instant | None = None
    known_at: Instant | None = None


def run(question: KnownQuestion, desk: Desk) -> Answer:
    """Return the profile as it was, and what has been learned since."""
    if question.as_of is None and question.known_at is None:
        raise MalformedError("known: give as_of, known_at, or both")
    bundle = desk.bundle(None)
    now = person(question.subject, desk)
    key = _key(question.subject, [i.key for i in now.identifiers])
    then = known_then(now, key, desk, bundle, as_of=question.as_of, known_at=question.known_at)
    news = sorted({i.key for i in now.identifiers} - {i.key for i in then.identifiers})
    since = f"{len(news)} identifiers were linked later" if news else "the same identifiers as now"
    text = (
        f"{called(then, desk)}: {sum(then.counts.values())} human signals then, "
        f"{sum(now.counts.values())} now; engagement {then.engagement:g}; {since}."
    )
    return Answer(
        text=text,
        data={"then": shown(then, desk), "now": shown(now, desk), "linked_later": len(news)},
    )


def _key(subject: str, held: list[str]) -> str:
    asked = subject.strip()
    if asked.startswith("per_"):
        return held[0]
    asked = asked.lower() if "@" in asked else asked
    return asked if ":" in asked else f"email:{asked}"


TOOL = Tool(
    name="known",
    description="A person's profile as it was at a moment: as_of (when it happened) and known_at "
    "(when we had heard of it), from the signal log.",
    arguments=KnownQuestion,
    run=run,
)
