"""What approvers said of a proposal, and which rehearsal shows what it would change.

Beside the proposal: `YES#<name>`, one for each approver, `IGNORED#…` for words that changed
nothing, `REHEARSAL`, the one that was begun last.
"""

from dataclasses import replace
from datetime import datetime

from functions.agent.approve import Standing, find_objection, find_own, say_twice
from functions.agent.proposals import PolicyProposal
from mos.errors import MalformedError
from mos.model.approval import ApprovalWord, ApproverWord, IgnoredWord
from mos.model.base import derive_id
from mos.policy.approvals import ask_need, find_approver, read_approvers
from mos.policy.bundle.bundle import Bundle
from mos.ports import Record, Table

OPERATOR, _MOST = "operator", 50
_REHEARSAL = "REHEARSAL"


class ProposalWords:
    """The words on proposals that one door's table holds."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def list_said(self, proposal_id: str) -> tuple[ApproverWord, ...]:
        """Return what approvers have said, the first word first."""
        found = self._table.query(f"PROPOSAL#{proposal_id}", prefix="YES#", limit=_MOST)
        said = [ApproverWord.parse(record.body) for record in found]
        return tuple(sorted(said, key=lambda one: (one.at, one.by)))

    def list_ignored(self, proposal_id: str) -> tuple[IgnoredWord, ...]:
        """Return the words that changed nothing."""
        found = self._table.query(f"PROPOSAL#{proposal_id}", prefix="IGNORED#", limit=_MOST)
        return tuple(IgnoredWord.parse(record.body) for record in found)

    def note_rehearsal(self, proposal_id: str, rehearsal: str) -> None:
        """Note which rehearsal of a proposal was begun last."""
        place = (f"PROPOSAL#{proposal_id}", _REHEARSAL)
        before = self._table.get(*place)
        version = before.version if before else 0
        self._table.save(Record(*place, rehearsal, version))

    def find_rehearsal(self, proposal_id: str) -> str:
        """Return which rehearsal of a proposal was begun last; nothing where none was."""
        record = self._table.get(f"PROPOSAL#{proposal_id}", _REHEARSAL)
        return record.body if record else ""

    def weigh(self, proposal: PolicyProposal, bundle: Bundle) -> Standing:
        """Return what it takes to approve a proposal, and what was said of it so far."""
        by_agent = proposal.by != OPERATOR
        need = ask_need({"approval.what": "policy", "approval.by_agent": by_agent}, bundle)
        return Standing(need, proposal.by, self.list_said(proposal.proposal_id))

    def approve(
        self, proposal: PolicyProposal, name: str, why: str, bundle: Bundle, now: datetime
    ) -> ApprovalWord | None:
        """Take an approver's yes; return how it ends, None where it takes another approver.

        Raises:
            MalformedError: the word does not count, which is kept with why.
        """
        approver, standing = find_approver(name, bundle), self.weigh(proposal, bundle)
        if approver is None:
            raise self._ignore(proposal, name, f"{name} is none of approvals/approvers", now)
        if objection := find_objection(approver, standing, approved=True):
            raise self._ignore(proposal, name, objection, now)
        own = find_own(approver, standing.words)
        if own is None:
            word = ApproverWord(approved=True, by=approver.name, at=now, why=why)
            place = (f"PROPOSAL#{proposal.proposal_id}", f"YES#{approver.name}")
            self._table.put_new(Record(*place, word.canonical()))
        said = replace(standing, words=self.list_said(proposal.proposal_id))
        end = said.find_end(read_approvers(bundle), now)
        if end is None and own is not None:
            raise self._ignore(proposal, name, say_twice(own), now)
        return end

    def _ignore(
        self, proposal: PolicyProposal, name: str, why: str, now: datetime
    ) -> MalformedError:
        word = IgnoredWord(by=name, at=now, approved=True, reason=why)
        place = (
            f"PROPOSAL#{proposal.proposal_id}",
            f"IGNORED#{derive_id('ign', word.canonical())}",
        )
        self._table.put_new(Record(*place, word.canonical()))
        return MalformedError(why)
