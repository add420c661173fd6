"""Is every page of a bundle right, and do its examples hold?"""

from pydantic import Field

from functions.agent.counted import count_of
from functions.agent.paging import Skip, count_after, cut_page
from functions.agent.policy_source import Source, open_bundle
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.model.base import Noun
from mos.model.view import Block, Rows, Said
from mos.policy.bundle.example import run_examples
from mos.policy.check import ERROR, NOTE
from mos.policy.examine import examine


class CheckPolicyQuestion(Noun):
    """Which bundle to look through."""

    bundle: Source = ""
    notes: bool = Field(default=False, description="Also what is only good to know.")
    most: int = Field(default=40, ge=1, le=500, description="How many findings to show.")
    skip: Skip = 0


class PageFinding(Noun):
    """What is wrong with a page (error), what is old (warning), what is good to know (note)."""

    level: str
    kind: str
    file: str
    detail: str


class CheckPolicyAnswer(Noun):
    """The findings, mistakes first, and the examples that fail; `counts` is by level."""

    bundle: str
    counts: dict[str, int]
    findings: tuple[PageFinding, ...]
    failing_examples: tuple[str, ...]


def run(question: CheckPolicyQuestion, desk: Desk) -> Answer:
    """Return every mistake, warning and failing example of the bundle."""
    bundle = open_bundle(question.bundle, desk)
    order = (ERROR, "warning", NOTE)
    every = sorted(examine(bundle, desk.now.date()), key=lambda f: order.index(f["level"]))
    counts = {level: sum(f["level"] == level for f in every) for level in order}
    wanted = [f for f in every if question.notes or f["level"] != NOTE]
    found = cut_page(wanted, question.skip, question.most)
    failing = tuple(
        f"{one.file}: {one.table} of {one.given} is {one.found}, expected {one.expect}"
        for name in bundle.names("tables")
        for one in run_examples(bundle, name)
    )
    data = CheckPolicyAnswer(
        bundle=bundle.digest,
        counts=counts,
        findings=tuple(
            PageFinding(level=f["level"], kind=f["kind"], file=f["file"], detail=f["detail"])
            for f in found
        ),
        failing_examples=failing[: question.most],
    )
    tally = ", ".join(
        count_of(counts[level], noun)
        for level, noun in ((ERROR, "mistake"), ("warning", "warning"), (NOTE, "note"))
    )
    failed = f"{count_of(len(failing), 'example')} of these failing"
    first = Said.of(f"{tally}; {failed}", f"bundle {bundle.digest[:12]}")
    table = Rows(
        title="Findings",
        columns=("level", "file", "detail"),
        rows=tuple((f.level, f.file, f.detail) for f in data.findings),
        more=count_after(len(wanted), question.skip, len(found)),
        next_skip=question.skip + len(found),
    )
    # Each example that fails is a finding already.
    view: list[Block] = [first, *([table] if found else [])]
    return Answer(data, tuple(view), alarm=bool(counts[ERROR] or failing))


TOOL = Tool(
    name="check_policy",
    description="Look through the bundle in force, a digest or a proposal: wrong pages, dead rows, "
    "gaps, conflicts, failing examples.",
    arguments=CheckPolicyQuestion,
    answer=CheckPolicyAnswer,
    run=run,
    examples=({}, {"bundle": "pol_0123456789abcdef0123456789abcdef"}),
    commands=(Command("policy examine"),),
)
