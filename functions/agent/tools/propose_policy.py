"""Propose a policy: a candidate bundle is checked and kept. Nobody's pointer moves."""

from pydantic import Field

from functions.agent.tool import Answer, Desk, Effect, Tool
from mos.errors import BundleError, MalformedError
from mos.model.base import Noun, canonical, derive_id
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import ERROR, NOTE
from mos.policy.examine import examine
from mos.ports import Record

_MOST_FINDINGS = 50
_MOST_BYTES = 200_000


class Proposal(Noun):
    """What to change in the active bundle, file by file; an empty text takes a file away."""

    files: dict[str, str] = Field(min_length=1, max_length=50)
    why: str = Field(min_length=10)


def run(question: Proposal, desk: Desk) -> Answer:
    """Return what `mos policy check` says of the candidate, and its id.

    Raises:
        MalformedError: it is too large, or no bundle comes of it.
    """
    if sum(map(len, question.files.values())) > _MOST_BYTES:
        raise MalformedError(f"a proposal holds at most {_MOST_BYTES} characters")
    active = desk.bundle(None)
    try:
        candidate = changed(active, question.files)
    except BundleError as error:
        raise MalformedError(str(error)) from None
    found = [f for f in examine(candidate, desk.now.date()) if f["level"] != NOTE]
    errors = [f for f in found if f["level"] == ERROR]
    proposal_id = derive_id("pol", desk.scope.agent, active.digest, candidate.digest)
    body = {
        "agent": desk.scope.agent,
        "why": question.why,
        "base": active.digest,
        "candidate": candidate.digest,
        "files": question.files,
        "errors": len(errors),
    }
    desk.tables("own").put_new(
        Record(f"PROPOSAL#{proposal_id}", "POLICY", canonical(body), tags={"kind": "policy"})
    )
    state = f"{len(errors)} mistakes" if errors else "no mistakes"
    return Answer(
        text=f"Kept as {proposal_id}: {state}. A person with the activator's role decides.",
        data={
            "proposal": proposal_id,
            "base": active.digest,
            "candidate": candidate.digest,
            "findings": found[:_MOST_FINDINGS],
        },
    )


def changed(active: Bundle, files: dict[str, str]) -> Bundle:
    """Return the active bundle with some files replaced, added or taken away."""
    for name in files:
        if name.startswith("/") or ".." in name or not name.endswith((".toml", ".csv", ".md")):
            raise BundleError(
                name, "expected a page of the bundle, such as tables/routing/sla.toml"
            )
    kept = {n: b for n, b in active.files.items() if files.get(n) != ""}
    return Bundle(kept | {n: text.encode() for n, text in files.items() if text})


TOOL = Tool(
    name="propose_policy",
    description="Propose a change of the policy bundle: it is checked and kept as a candidate. "
    "It never becomes active by itself.",
    arguments=Proposal,
    run=run,
    effect=Effect.PROPOSES,
)
