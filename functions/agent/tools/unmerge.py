"""Two people were taken for one: give some identifiers to a person of their own."""

from pydantic import Field

from functions.agent.compensate import find_done, is_to_take_back, merged_at, say_remedy
from functions.agent.propose import Proposed, identifier, propose
from functions.agent.subject import Subject, person
from functions.agent.tool import Answer, Command, Desk, Effect, Tool
from mos.errors import MalformedError
from mos.identity.consents import name_stop
from mos.identity.correction import MERGED_AT, separate
from mos.identity.recall import RECALL
from mos.model.base import Facts, Noun
from mos.model.signal import MOST_IDENTIFIERS
from mos.model.view import Said


class UnmergeQuestion(Noun):
    """Who, and which of their identifiers leave; with `dry_run`, only say what would follow."""

    subject: Subject
    identifiers: tuple[str, ...] = Field(
        min_length=1,
        max_length=MOST_IDENTIFIERS,
        description="The identifiers that leave: mailboxes or type:value.",
    )
    reason: str = Field(default="", max_length=200, description="Why: it stands in the ledger.")
    leave_done: bool = Field(
        default=False,
        description="Leave what was done since the merge as it is: take nothing back.",
    )
    dry_run: bool = Field(default=False, description="Only say what would follow.")


def run(question: UnmergeQuestion, desk: Desk) -> Answer:
    """Propose the split: signals go with the identifier that they came with, stops with both.

    What was done since they were taken for one, and can be taken back, is, with the split.
    """
    profile = person(question.subject, desk)
    named = {identifier(text).key for text in question.identifiers}
    held = {i.key: i for i in profile.identifiers}
    if strange := sorted(named - set(held)):
        raise MalformedError(f"{strange[0]} is not theirs; they hold {', '.join(sorted(held))}")
    if named == set(held):
        raise MalformedError("all of their identifiers would leave: name those of one person only")
    moved = tuple(held[key] for key in sorted(named))
    stay = tuple(held[key] for key in sorted(held) if key not in named)
    done = find_done(profile, named, desk.bundle(None), desk)
    back = () if question.leave_done else tuple(d.action_id for d in done if is_to_take_back(d))
    undo = tuple(say_remedy(d, goes_back=d.action_id in back) for d in done)
    stops = tuple(map(name_stop, profile.suppressions))
    facts: Facts = {"reason": question.reason or "a human said so", "compensate": undo}
    if back:
        facts[RECALL] = back
    if merged := merged_at(profile, named, desk):
        facts[MERGED_AT] = merged.isoformat()
    signals = separate(moved, stay, stops, facts, by=desk.scope.agent, now=desk.now)
    told = f"{', '.join(sorted(named))} would leave {profile.profile_id}, {len(stay)} stay"
    told += f"; stops go with both: {', '.join(stops)}" if stops else ""
    told += "".join(f"\n  to compensate: {line}" for line in undo) or "; nothing to compensate"
    if question.dry_run:
        return Answer(Proposed(compensate=undo), (Said.of(told, profile.profile_id),))
    return propose(signals, f"Proposed: {told}.", desk, compensate=undo)


TOOL = Tool(
    name="unmerge",
    description="Undo a merge: the named identifiers become a person of their own, signals go "
    "with the identifier they came with, stages and decisions of both are worked out again, and "
    "what was done since the merge is taken back where it can be, and listed.",
    arguments=UnmergeQuestion,
    answer=Proposed,
    run=run,
    examples=({"subject": "Jane Doe at Bright Pay", "identifiers": ["jane.home@mail.example"]},),
    for_operators=True,
    commands=(Command("identity unmerge"),),
    effect=Effect.ACTS,
)
