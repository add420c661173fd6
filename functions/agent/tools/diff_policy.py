"""What differs between two bundles, in plain words."""

from pydantic import Field

from functions.agent.paging import Skip, cut_page, say_more
from functions.agent.policy_source import Source, open_bundle
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.model.base import Noun
from mos.model.view import Said
from mos.policy.diff.bundle import compare_bundles


class DiffPolicyQuestion(Noun):
    """The new bundle, and the old one that it is compared with."""

    new: Source = Field(min_length=1)
    old: Source = ""
    most: int = Field(default=40, ge=1, le=500, description="How many differences to show.")
    skip: Skip = 0


class PolicyDifference(Noun):
    """One difference: in which file, whether added, removed or changed, in a sentence."""

    file: str
    kind: str
    says: str


class DiffPolicyAnswer(Noun):
    """The differences; `count` is of all."""

    old: str
    new: str
    count: int
    differences: tuple[PolicyDifference, ...]


def run(question: DiffPolicyQuestion, desk: Desk) -> Answer:
    """Return each difference as a sentence."""
    before, after = open_bundle(question.old, desk), open_bundle(question.new, desk)
    every = compare_bundles(before, after)
    shown = tuple(
        PolicyDifference(file=d["file"], kind=d["kind"], says=d["says"])
        for d in cut_page(every, question.skip, question.most)
    )
    data = DiffPolicyAnswer(
        old=before.digest, new=after.digest, count=len(every), differences=shown
    )
    between = f"{before.digest[:12]} → {after.digest[:12]}"
    first = Said.of(f"{len(every)} differences" if every else "Nothing differs", between)
    more = say_more(len(every), question.skip, len(shown), between)
    return Answer(data, (first, *(Said.of(d.says, d.file) for d in shown), *more))


TOOL = Tool(
    name="diff_policy",
    description="What differs between two bundles in plain words: a proposal or a digest against "
    "the one in force, or any two.",
    arguments=DiffPolicyQuestion,
    answer=DiffPolicyAnswer,
    run=run,
    examples=({"new": "pol_0123456789abcdef0123456789abcdef"},),
    commands=(Command("policy compare"),),
)
