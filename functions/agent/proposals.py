"""Proposals of a changed policy: kept with what was checked, one id from proposal to activation.

The layer's own table: `PROPOSAL#<id>/POLICY` with `PROPOSALS/<at>#<id>` to list them by, and under
the same key `WITHDRAWN` and `APPROVED`, each written once.
"""

from datetime import datetime
from enum import StrEnum

from mos.errors import ConflictError, MissingError
from mos.model.base import Instant, Noun, Stored, derive_id
from mos.policy.amend.amendment import Amendment
from mos.ports import Record, Save, Table

_LIST = "PROPOSALS"
_SHORTEST, _LAST = len("pol_") + 8, 100


class ProposalState(StrEnum):
    """Where a proposal stands: it waits for a person, was approved or withdrawn, or is in force.

    A stale one changes a bundle that is in force no more: it is to be made anew.
    """

    WAITS = "waits"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    ACTIVE = "active"
    STALE = "stale"


class Word(Stored):
    """What somebody said of a proposal, and why."""

    by: str
    at: Instant
    why: str = ""


class PolicyProposal(Stored):
    """A change of the bundle that somebody wants: the diff, the pages that it makes, the findings.

    `base` is the digest of the bundle that it changes, `candidate` of the one that comes of it;
    `files` are the changed pages in full, an empty one is taken away; `mistakes` the first of what
    must be mended, each with its page.
    """

    proposal_id: str
    by: str
    why: str
    at: Instant
    base: str
    candidate: str
    amendments: tuple[Amendment, ...]
    files: dict[str, str]
    says: tuple[str, ...]
    errors: int
    warnings: int
    mistakes: tuple[str, ...] = ()


class Standing(Noun):
    """A proposal, what was said of it, and where it stands."""

    proposal: PolicyProposal
    state: ProposalState
    withdrawn: Word | None = None
    approved: Word | None = None


class Proposals:
    """The proposals that one door's table holds."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def keep(self, proposal: PolicyProposal) -> bool:
        """Store a proposal, and say whether it is new: the same one is the same proposal."""
        at = f"{proposal.at.isoformat()}#{proposal.proposal_id}"
        pk = f"PROPOSAL#{proposal.proposal_id}"
        if self._table.get(pk, "POLICY"):
            return False
        listed = Record(_LIST, at, "", tags={"proposal": proposal.proposal_id})
        changes = [Save(Record(pk, "POLICY", proposal.canonical())), Save(listed)]
        try:
            self._table.transact(changes, derive_id("tx", pk))
        except ConflictError:
            return False
        return True

    def find(self, proposal_id: str) -> PolicyProposal | None:
        """Return a proposal, or None where this table has none of this id.

        Of the last ones the first eight letters of an id will do, where they are one's alone.
        """
        record = self._table.get(f"PROPOSAL#{proposal_id}", "POLICY")
        if record is None and len(proposal_id) >= _SHORTEST:
            meant = [one for one in self.list_ids(_LAST) if one.startswith(proposal_id)]
            record = self._table.get(f"PROPOSAL#{meant[0]}", "POLICY") if len(meant) == 1 else None
        return PolicyProposal.parse(record.body) if record else None

    def list_ids(self, most: int) -> list[str]:
        """Return the ids of the last proposals, newest first."""
        found = self._table.query(_LIST, newest_first=True, limit=most)
        return [record.tags["proposal"] for record in found]

    def word(self, proposal_id: str, state: ProposalState) -> Word | None:
        """Return what was said of a proposal, where somebody approved or withdrew it."""
        record = self._table.get(f"PROPOSAL#{proposal_id}", state.name)
        return Word.parse(record.body) if record else None

    def say(self, proposal_id: str, state: ProposalState, by: str, why: str, at: datetime) -> Word:
        """Keep somebody's word on a proposal, and return the one that stands: the first."""
        word = Word(by=by, at=at, why=why)
        if self._table.put_new(Record(f"PROPOSAL#{proposal_id}", state.name, word.canonical())):
            return word
        return self.word(proposal_id, state) or word


def find_standing(
    proposal_id: str, stores: list[Proposals], said_in: list[Proposals], active: str
) -> Standing:
    """Return a proposal of one of the stores, with what was said of it at either door.

    Raises:
        MissingError: there is none of this id.
    """
    found = next((p for store in stores if (p := store.find(proposal_id))), None)
    if found is None:
        raise MissingError(f"proposal {proposal_id}: `proposals` lists them")
    words = {
        state: next((w for store in said_in if (w := store.word(found.proposal_id, state))), None)
        for state in (ProposalState.WITHDRAWN, ProposalState.APPROVED)
    }
    withdrawn, approved = words[ProposalState.WITHDRAWN], words[ProposalState.APPROVED]
    state = ProposalState.WAITS
    if withdrawn:
        state = ProposalState.WITHDRAWN
    elif found.candidate == active:
        state = ProposalState.ACTIVE
    elif found.base != active:
        state = ProposalState.STALE
    elif approved:
        state = ProposalState.APPROVED
    return Standing(proposal=found, state=state, withdrawn=withdrawn, approved=approved)
