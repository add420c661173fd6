"""What is at stake in a proposal, by its last rehearsal, and how far its approval is."""

from functions.agent.counted import count_of
from functions.agent.policy_source import DOORS
from functions.agent.proposal_words import OPERATOR, ProposalWords
from functions.agent.proposals import ProposalState, Standing
from functions.agent.tool import Desk
from mos.errors import MosError
from mos.model.view import Block, Said
from mos.policy.approvals import read_approvers


def show_stake(standing: Standing, desk: Desk) -> list[Block]:
    """Return what a proposal would change, by the numbers of its last rehearsal."""
    proposal = standing.proposal
    found = [ProposalWords(desk.tables(name)) for name in ("own", "agents")]
    names = [name for one in found if (name := one.find_rehearsal(proposal.proposal_id))]
    if not names:
        said = "Not rehearsed: nobody knows whom it touches; `rehearse_proposal` shows it"
        return [Said.of(said, proposal.proposal_id)]
    try:
        told = desk.simulation.ask("rehearsal", {"rehearsal": names[0]})["progress"]
    except MosError as error:
        return [Said.of(f"Its rehearsal {names[0]} cannot be asked: {error}", names[0])]
    if told.get("state") != "done":
        return [Said.of(f"Its rehearsal {names[0]} is {told.get('state')}", names[0])]
    count, accounts = told.get("compared", 0), told.get("accounts", 0)
    changed = sum(one["count"] for one in told.get("changes", ()))
    said = f"Touches {changed:,} of {count:,} decisions of {accounts:,} accounts, rehearsed"
    view: list[Block] = [Said.of(said, names[0])]
    view += [Said.of(f"  {text}", names[0]) for text in told.get("summary", ())]
    view += [Said.of(f"  Guardrail broken: {text}", names[0]) for text in told.get("broken", ())]
    return view


def tell_words(standing: Standing, desk: Desk) -> list[Block]:
    """Return how far the approval is: what it takes, who has said yes, whose word did not count."""
    if standing.state in (ProposalState.WITHDRAWN, ProposalState.ACTIVE):
        return []
    cite, bundle = standing.proposal.proposal_id, desk.bundle(None)
    # What operators said stands in their table, of which an agent may read this part.
    words = [ProposalWords(desk.tables(name)) for name in DOORS]
    weighed = [one.weigh(standing.proposal, bundle) for one in words]
    said = max(weighed, key=lambda one: len(one.words))
    count, need = len(said.count(read_approvers(bundle))), said.need
    role = f" of the role {need.role}" if need.role else ""
    view: list[Block] = [
        Said.of(f"{count} of {need.approvers} approvers{role} ({need.row}: {need.why})", cite)
    ]
    if desk.scope.agent != OPERATOR:
        return view  # An agent sees whether it waits, and for how many.
    view += [Said.of(f"  {w.by} said yes: {w.why or 'no reason'}", cite) for w in said.words]
    ignored = [word for one in words for word in one.list_ignored(cite)]
    return view + [
        Said.of(f"  {no.by} said yes, which changed nothing: {no.reason}", cite) for no in ignored
    ]


def show_mistakes(standing: Standing, cite: str) -> list[Block]:
    """Return the mistakes that stayed with a proposal, and how many there are."""
    proposal, kept = standing.proposal, standing.proposal.mistakes
    if not proposal.errors:
        return []
    every = f"`check_policy` names all (bundle {proposal.proposal_id})"
    left = f": {every}" if proposal.errors > len(kept) else ""
    first = Said.of(f"{count_of(proposal.errors, 'mistake')}{left}", cite)
    return [first, *(Said.of(f"  mistake: {one}", cite) for one in kept)]
