"""Two people were taken for one: give some identifiers to a person of their own."""

from pydantic import Field

from functions.agent.compensate import compensations, merged_at
from functions.agent.propose import identifier, propose
from functions.agent.subject import person
from functions.agent.tool import Answer, Desk, Effect, Tool
from mos.errors import MalformedError
from mos.identity.consents import name_stop
from mos.identity.correction import MERGED_AT, separate
from mos.model.base import Facts, Noun
from mos.model.signal import MOST_IDENTIFIERS


class UnmergeQuestion(Noun):
    """Who, and which of their identifiers leave; with `dry_run`, only say what would follow."""

    subject: str
    identifiers: tuple[str, ...] = Field(min_length=1, max_length=MOST_IDENTIFIERS)
    reason: str = Field(default="", max_length=200)
    dry_run: bool = False


def run(question: UnmergeQuestion, desk: Desk) -> Answer:
    """Propose the split: signals go with the identifier that they came with, stops with both."""
    profile = person(question.subject, desk)
    named = {identifier(text).key for text in question.identifiers}
    held = {i.key: i for i in profile.identifiers}
    if strange := sorted(named - set(held)):
        raise MalformedError(f"{strange[0]} is not theirs; they hold {', '.join(sorted(held))}")
    if named == set(held):
        raise MalformedError("all of their identifiers would leave: name those of one person only")
    moved = tuple(held[key] for key in sorted(named))
    stay = tuple(held[key] for key in sorted(held) if key not in named)
    undo = compensations(profile, named, desk.bundle(None), desk)
    stops = tuple(map(name_stop, profile.suppressions))
    facts: Facts = {"reason": question.reason or "a human said so", "compensate": undo}
    if merged := merged_at(profile, named, desk):
        facts[MERGED_AT] = merged.isoformat()
    signals = separate(moved, stay, stops, facts, by=desk.scope.agent, now=desk.now)
    told = f"{', '.join(sorted(named))} would leave {profile.profile_id}, {len(stay)} stay"
    told += f"; stops go with both: {', '.join(stops)}" if stops else ""
    told += "".join(f"\n  to compensate: {line}" for line in undo) or "; nothing to compensate"
    if question.dry_run:
        return Answer(text=told, data={"compensate": list(undo)})
    return propose(signals, f"Proposed: {told}.", desk, compensate=list(undo))


TOOL = Tool(
    name="unmerge",
    description="Undo a merge: the named identifiers become a person of their own, signals go "
    "with the identifier they came with, stages and decisions of both are worked out again, and "
    "what must be compensated is listed.",
    arguments=UnmergeQuestion,
    run=run,
    effect=Effect.PROPOSES,
)
