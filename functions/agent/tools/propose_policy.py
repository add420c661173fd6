"""Propose a policy: a diff of rows and parameters is checked and kept. Nobody's pointer moves."""

from pydantic import Field

from functions.agent.proposals import PolicyProposal, Proposals, ProposalState
from functions.agent.tool import Answer, Desk, Effect, Tool
from mos.errors import BundleError, MalformedError
from mos.model.base import Noun, derive_id
from mos.model.view import Said
from mos.policy.amend.amendment import Amendment
from mos.policy.amend.bundle import amend_bundle
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import ERROR, NOTE
from mos.policy.diff.bundle import compare_bundles
from mos.policy.examine import examine

_MOST_SAID = 30
_MOST_KEPT, _LONGEST = 10, 400
"""How many mistakes stay with a proposal, and how much of each."""


class ProposePolicyQuestion(Noun):
    """What to change in the active bundle, and why."""

    why: str = Field(
        min_length=10, max_length=1_000, description="Why, for the person who decides about it."
    )
    changes: tuple[Amendment, ...] = Field(
        min_length=1, max_length=50, description="The diff: parameters and rows, in their order."
    )


class FoundMistake(Noun):
    """What `mos policy check` says of a page: `error` where it may not ship, else `warning`."""

    level: str
    kind: str
    file: str
    detail: str


class ProposePolicyAnswer(Noun):
    """The proposal's id, the digests before and after, what differs in plain words, and findings.

    Its id stays the same through check, rehearsal, approval and activation. `count` is of all
    differences; `is_new` is false where it stood already, with the reason that was given then.
    """

    proposal: str
    base: str
    candidate: str
    says: tuple[str, ...]
    findings: tuple[FoundMistake, ...]
    errors: int
    count: int
    is_new: bool


def run(question: ProposePolicyQuestion, desk: Desk) -> Answer:
    """Return what differs and what the checks say of the candidate, and its id.

    Findings that the active bundle has, too, are left out.

    Raises:
        MalformedError: a change names what is not there, no bundle comes of it, nothing differs,
            or the very change was withdrawn.
    """
    active = desk.bundle(None)
    try:
        candidate = amend_bundle(active, question.changes, desk.now.date())
        differs = compare_bundles(active, candidate)
    except BundleError as error:
        raise MalformedError(str(error)) from None
    if not differs:
        raise MalformedError("nothing differs: the active bundle says so already")
    found = _find_new(active, candidate, desk)
    errors = sum(f.level == ERROR for f in found)
    proposal = PolicyProposal(
        proposal_id=derive_id("pol", desk.scope.agent, active.digest, candidate.digest),
        by=desk.scope.agent,
        why=question.why,
        at=desk.now,
        base=active.digest,
        candidate=candidate.digest,
        amendments=question.changes,
        files=_changed_files(active, candidate),
        says=tuple(d["says"] for d in differs),
        errors=errors,
        warnings=len(found) - errors,
        mistakes=tuple(f"{f.file}: {f.detail}"[:_LONGEST] for f in found if f.level == ERROR)[
            :_MOST_KEPT
        ],
    )
    store = Proposals(desk.tables("own"))
    is_new = store.keep(proposal)
    if not is_new and store.word(proposal.proposal_id, ProposalState.WITHDRAWN):
        raise MalformedError(
            f"{proposal.proposal_id} says so and was withdrawn: "
            "propose something else, or ask an operator"
        )
    data = ProposePolicyAnswer(
        is_new=is_new,
        count=len(differs),
        proposal=proposal.proposal_id,
        base=active.digest,
        candidate=candidate.digest,
        says=proposal.says[:_MOST_SAID],
        findings=tuple(found[:_MOST_SAID]),
        errors=errors,
    )
    return Answer(data, _show(data), alarm=bool(errors))


def _show(data: ProposePolicyAnswer) -> tuple[Said, ...]:
    state = "no mistakes. Rehearse it; then a person approves and activates."
    if data.errors:
        state = f"{data.errors} of the findings below must be mended: propose it anew without them."
    kept = "Kept" if data.is_new else "It stands already"
    view = [Said.of(f"{kept} as {data.proposal}: {state}", f"candidate {data.candidate[:12]}")]
    view += [Said.of(f"  {f.level}: {f.detail}", f.file) for f in data.findings]
    view += [Said.of(f"  {text}", f"against {data.base[:12]}") for text in data.says]
    if data.count > len(data.says):
        more = (
            f"  … and {data.count - len(data.says)} more differences: `diff_policy` of "
            f"{data.proposal}"
        )
        view.append(Said.of(more, data.proposal))
    return tuple(view)


def _find_new(active: Bundle, candidate: Bundle, desk: Desk) -> list[FoundMistake]:
    """Return the mistakes and warnings that the change brings."""
    today = desk.now.date()
    known = {(f["file"], f["detail"]) for f in examine(active, today)}
    return [
        FoundMistake(level=f["level"], kind=f["kind"], file=f["file"], detail=f["detail"])
        for f in examine(candidate, today)
        if f["level"] != NOTE and (f["file"], f["detail"]) not in known
    ]


def _changed_files(active: Bundle, candidate: Bundle) -> dict[str, str]:
    return {
        name: candidate.text(name)
        for name in sorted(candidate.files)
        if candidate.files[name] != active.files.get(name)
    }


TOOL = Tool(
    name="propose_policy",
    description="Propose a change of the policy as a diff of rows and parameters: it is checked "
    "and kept under one id. It never becomes active by itself.",
    arguments=ProposePolicyQuestion,
    answer=ProposePolicyAnswer,
    run=run,
    effect=Effect.PROPOSES,
    examples=(
        {
            "why": "Companies of 500 and more go to an AE at once.",
            "changes": [
                {
                    "table": "routing/route",
                    "row": "large_and_ready",
                    "when": {
                        "account.employees": ">= 500",
                        "group.stage": ["engaged", "prioritized", "qualified"],
                    },
                }
            ],
        },
        {
            "why": "Half as many accounts held out this quarter.",
            "changes": [{"parameter": "holdout_percent", "value": 2.5}],
        },
    ),
)
