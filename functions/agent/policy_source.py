"""Which bundle a question is about: the one in force, a published one, or a proposal's."""

from typing import Annotated, Any

from pydantic import Field

from functions.agent.proposals import PolicyProposal, Proposals, ProposalState, Word
from functions.agent.tool import Desk, Scope
from mos.errors import BundleError, MissingError
from mos.policy.bundle.bundle import Bundle

Source = Annotated[
    str,
    Field(
        max_length=80,
        description="Which bundle: empty for the one in force, a proposal's id (pol_…), or a "
        "digest that was published, of which eight letters will do.",
    ),
]
_STORES = ("own", "agents")
DOORS = ("agents", "operators")
"""Where words on proposals are kept: an agent reads what a person said of one, nothing else there.
"""
_PEOPLE = ("golden/", "stories/")
_AGENTS, _OPERATOR = "agents/", "operator"


def open_bundle(named: str, desk: Desk) -> Bundle:
    """Return the bundle that is meant.

    Raises:
        MissingError: there is no such proposal, or no such bundle was published.
    """
    if named in ("", "active"):
        return desk.bundle(None)
    if not named.startswith("pol_"):
        try:
            return desk.bundle(named)
        except BundleError as error:
            raise MissingError(f"bundle {named}: {error.detail}") from None
    return open_candidate(find_proposal(named, desk), desk)


def describe_bundle(named: str, desk: Desk) -> dict[str, Any]:
    """Return the bundle that is meant as the simulation is told of it.

    Raises:
        MissingError: there is no such proposal, or no such bundle was published.
    """
    if not named.startswith("pol_"):
        return {"bundle": open_bundle(named, desk).digest}
    proposal = find_proposal(named, desk)
    return {"bundle": proposal.candidate, "base": proposal.base, "files": proposal.files}


def list_changed_tables(named: str, desk: Desk) -> list[str]:
    """Return the tables whose page, rows or tests a proposal changes."""
    names = set(open_bundle(named, desk).names("tables"))
    found = {
        name.removeprefix(folder).rpartition(".")[0]
        for name in find_proposal(named, desk).files
        for folder in ("tables/", "tests/")
        if name.startswith(folder)
    }
    return sorted(found & names)


def find_proposal(proposal_id: str, desk: Desk) -> PolicyProposal:
    """Return a proposal, whichever door it came in by.

    Raises:
        MissingError: there is none of this id.
    """
    names = _STORES if desk.scope.agent == _OPERATOR else _STORES[:1]
    for name in names:
        if found := Proposals(desk.tables(name)).find(proposal_id):
            return found
    raise MissingError(f"proposal {proposal_id}: `proposals` lists them")


def find_withdrawal(proposal: PolicyProposal, desk: Desk) -> Word | None:
    """Return who withdrew a proposal, at either door, if somebody did."""
    words = (
        Proposals(desk.tables(name)).word(proposal.proposal_id, ProposalState.WITHDRAWN)
        for name in DOORS
    )
    return next((word for word in words if word), None)


def open_candidate(proposal: PolicyProposal, desk: Desk) -> Bundle:
    """Return the bundle that a proposal makes of the one that it changes."""
    base = desk.bundle(proposal.base)
    kept = {n: b for n, b in base.files.items() if proposal.files.get(n) != ""}
    pages = {name: text.encode() for name, text in proposal.files.items() if text}
    return Bundle(kept | pages)


def list_readable(bundle: Bundle, scope: Scope) -> list[str]:
    """Return the files that somebody may read.

    Of agents' pages an agent reads only its own, and without personal data none that holds people's
    cases.
    """
    hidden = () if scope.personal_data else _PEOPLE
    own = f"{_AGENTS}{scope.agent}.toml"
    every = scope.agent == _OPERATOR
    return sorted(
        name
        for name in bundle.files
        if not name.startswith(hidden) and (every or name == own or not name.startswith(_AGENTS))
    )
