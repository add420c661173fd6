"""Whether somebody's word on what waits counts, and when enough have said yes. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mos.model.approval import ApprovalWord, ApproverWord
from mos.policy.approvals import Approver, Need

_WHEN = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True)
class Standing:
    """How far something is: what it takes, who proposed it, what was said of it so far."""

    need: Need
    proposer: str = ""
    words: tuple[ApproverWord, ...] = ()

    def count(self, approvers: Sequence[Approver]) -> tuple[ApproverWord, ...]:
        """Return the yeses that count now: of those who may still give one."""
        known = {one.name: one for one in approvers}
        return tuple(
            word
            for word in self.words
            if word.approved
            and word.by in known
            and find_objection(known[word.by], self, approved=True) is None
        )

    def find_end(self, approvers: Sequence[Approver], now: datetime) -> ApprovalWord | None:
        """Return how it ends by what was said; None where it takes another word.

        One no ends it, whatever others said.
        """
        no = next((word for word in self.words if not word.approved), None)
        if no is not None:
            return ApprovalWord(approved=False, by=no.by, at=no.at, why=no.why, words=self.words)
        yes = self.count(approvers)
        if len(yes) < self.need.approvers:
            return None
        return ApprovalWord(
            approved=True,
            by=" and ".join(word.by for word in yes),
            at=now,
            why="; ".join(dict.fromkeys(word.why for word in yes if word.why)),
            words=self.words,
        )


def find_objection(approver: Approver, standing: Standing, *, approved: bool) -> str | None:
    """Return why an approver's word on this does not count, or None.

    A no is taken from every approver but the proposer; a yes takes the role that is asked for.
    """
    if approver.speaks_for(standing.proposer):
        said = (
            f"{standing.proposer} asked for it, and {approver.name} speaks for {standing.proposer}"
        )
        own = approver.is_called(standing.proposer)
        return f"{approver.name} asked for it: somebody else says" if own else said
    role = standing.need.role
    if approved and role and role not in approver.roles:
        return f"it takes the role {role} ({standing.need.row}), {approver.name} has not"
    return None


def find_own(approver: Approver, words: Iterable[ApproverWord]) -> ApproverWord | None:
    """Return what an approver has said already, or None."""
    return next((word for word in words if word.by == approver.name), None)


def say_twice(word: ApproverWord) -> str:
    """Return why a second word of the same person changes nothing."""
    past = "approved" if word.approved else "refused"
    return f"{word.by} {past} it at {word.at:{_WHEN}}: each person's first word stands"
