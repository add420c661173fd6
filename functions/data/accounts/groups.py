"""Move people between the groups of accounts that become one, or two again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.data.accounts.companies import CompanyRepository
from functions.data.accounts.members import Change, GroupMembers
from functions.data.repository import IdentityRepository
from mos.identity.company import group_id
from mos.model.account import Account, BuyingGroup, Member, SharedTouches
from mos.model.profile import Span
from mos.policy.bundle.bundle import Bundle
from mos.policy.members import solutions

_SPANS, _SHARED = 5, 50


@dataclass
class AccountGroups:
    """The buying groups of accounts whose aliases have changed."""

    companies: CompanyRepository
    identity: IdentityRepository
    bundle: Bundle

    @property
    def members(self) -> GroupMembers:
        """Return the groups and their people."""
        return self.companies.groups

    def share(self, account: Account, root: str, at: datetime) -> None:
        """Let caps count what was done while two were one, and what was done before.

        Who leaves an account again keeps counting what it touched meanwhile; the moves of its
        groups in that stretch do not hold.
        """
        node, left = account.account_id, account.joined_to
        for solution in solutions(self.bundle):
            own, there = group_id(node, solution), group_id(root, solution)
            group = self.members.group(own)
            if left and left != root and account.joined_at:
                self._part(account, left, solution, Span(since=account.joined_at, until=at))
            if root != node and group is not None:
                fresh = BuyingGroup(group_id=there, account_id=root, solution=solution)
                shared = SharedTouches(group_id=own)
                self.members.change_group(there, _share_with(fresh, shared))

    def _part(self, account: Account, left: str, solution: str, span: Span) -> None:
        own, other = group_id(account.account_id, solution), group_id(left, solution)
        held = self.members.group(other)
        if held is None:
            return
        fresh = BuyingGroup(group_id=own, account_id=account.account_id, solution=solution)
        shared = SharedTouches(group_id=other, since=span.since, until=span.until)
        self.members.change_group(own, _share_with(fresh, shared))

        def forget(group: BuyingGroup | None) -> BuyingGroup | None:
            if group is None:
                return None
            rest = tuple(s for s in group.shared if s.group_id != own or s.until)
            undone = tuple(dict.fromkeys((*group.undone, span)))[-_SPANS:]
            return group.model_copy(update={"shared": rest, "undone": undone})

        self.members.change_group(other, forget)

    def part(self, node: str, roots: Mapping[str, str]) -> dict[str, str]:
        """Move the people in an account's groups to where they belong; return what has changed."""
        changed: dict[str, str] = {}
        for solution in solutions(self.bundle):
            group = self.members.expand(group_id(node, solution))
            for page in self.members.everybody(group) if group else ():
                for target, people in sorted(self._find_leavers(node, page, roots).items()):
                    changed |= self._move(group, target, sorted(people)) if group else {}
        return changed

    def _find_leavers(
        self, node: str, members: Sequence[Member], roots: Mapping[str, str]
    ) -> dict[str, set[str]]:
        """Return who of an account's people belongs to which other account."""
        found = self.identity.find(m.profile_id for m in members)
        owns = {
            one: found.people[root][0].account_id
            for one, root in found.roots.items() if root in found.people
        }  # fmt: skip
        others = self.companies.read(sorted({a for a in owns.values() if a and a not in roots}))
        leavers: dict[str, set[str]] = {}
        for member in members:
            own = owns.get(member.profile_id)
            held = others.get(own or "")
            root = roots.get(own or "") or (held.joined_to if held else None) or own
            if root and root != node:
                leavers.setdefault(root, set()).add(member.profile_id)
        return leavers

    def _move(self, group: BuyingGroup, target: str, people: Sequence[str]) -> dict[str, str]:
        """Take people into the group of another account, with the place they have in this one."""
        there = group_id(target, group.solution)
        fresh = BuyingGroup(group_id=there, account_id=target, solution=group.solution)
        self.members.move(group, fresh, people)
        return {there: target, group.group_id: group.account_id}


def _share_with(fresh: BuyingGroup, shared: SharedTouches) -> Change:
    def change(held: BuyingGroup | None) -> BuyingGroup:
        group = held or fresh
        kept = tuple(dict.fromkeys((*group.shared, shared)))[-_SHARED:]
        return group.model_copy(update={"shared": kept})

    return change
