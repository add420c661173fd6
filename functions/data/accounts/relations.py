"""Keep accounts as one that are one: what was said of aliases becomes who leads where.

What each account was told stays with it. Joining lets one lead to the other and moves the people of
its groups over; taking the alias back lets each have its own groups, people and stages again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from functions.data.accounts.companies import CompanyRepository
from functions.data.accounts.groups import AccountGroups
from functions.data.repository import IdentityRepository
from mos.identity.company import enrich_all
from mos.identity.company_tree import CompanyTree
from mos.identity.company_word import Saying, add_names, add_word, node_id, pages_of
from mos.model.account import Account, CompanyWord, Relation
from mos.model.profile import Span
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle

_SPANS = 5


@dataclass
class CompanyRelations:
    """Takes in what is said of how companies stand to each other."""

    companies: CompanyRepository
    identity: IdentityRepository
    bundle: Bundle

    def take(self, saying: Saying, signal: Signal) -> dict[str, str]:
        """Write a signal's words down at the companies that they are about, and settle them.

        Return the groups whose people are others now, each with the account that it belongs to.
        """
        touched = {node_id(saying.key)}
        self._note(saying.key, signal, saying)
        for key, word in saying.words:
            touched |= {self._add(key, word)}
            if word.relation is Relation.ALIAS and word.value:
                touched |= {node_id(word.value)}
        held = self.companies.read([node_id(saying.key)]).get(node_id(saying.key))
        listed = held.names if held and saying.names is not None else ()
        for name in listed:
            # The list is the truth; a word only leads from the alias to whom it may belong to.
            word = CompanyWord(
                relation=Relation.ALIAS, value=saying.key, at=signal.occurred_at,
                signal_id=signal.signal_id,
            )  # fmt: skip
            touched |= {self._add(name, word)}
        return self.settle(touched, signal.received_at)

    def _note(self, key: str, signal: Signal, saying: Saying) -> None:
        """Write down what a signal says of one company: its facts, and its list of aliases."""

        def change(held: Account) -> Account:
            made = _named(held, key)
            if signal.kind is SignalKind.COMPANY_CHANGED:
                made = enrich_all(made, made.domain, [signal], self.bundle)
            return made if saying.names is None else add_names(made, saying.names, signal)

        made = self.companies.change_account(node_id(key), change)
        if "name" in signal.company:
            self.companies.list_name(made)

    def _add(self, key: str, word: CompanyWord) -> str:
        account = node_id(key)
        self.companies.change_account(account, lambda held: add_word(_named(held, key), word))
        return account

    def is_settled(self, account: Account) -> bool:
        """Say whether an account was settled by what the bundle's pages say of its name today."""
        return account.settled_by == self._pages_on(account.domain)

    def settle(self, accounts: Iterable[str], at: datetime) -> dict[str, str]:
        """Let every account that these hang together with lead where the words lead, at last.

        It reads what was said and comes to the same, however often and in whatever order.
        """
        tree = CompanyTree(self.companies.read, self.bundle)
        nodes = self._find_component(tree, accounts)
        roots = {node: tree.find_root(node)[0] for node in nodes}
        before = {node: tree.get(node) for node in nodes}
        groups = AccountGroups(self.companies, self.identity, self.bundle)
        # Each step finds the same again when a try dies in between, and comes to nothing new.
        for node in sorted(nodes):
            groups.share(before[node], roots[node], at)
        for node in sorted(nodes):
            self._lead(before[node], roots[node], at)
        for root in sorted(nodes):
            mine = {node for node in nodes if roots[node] == root and node != root}
            self._list_parts(tree.get(root), mine, nodes)
        changed: dict[str, str] = {}
        # Where all stood with the same company at the end of the last time, nobody is to move.
        if any(_find_place(before[node]) != roots[node] for node in nodes):
            for node in sorted(nodes):
                changed |= groups.part(node, roots)
        for node in sorted(nodes):
            self._mark(node, roots[node], tree)
        return changed

    def _find_component(self, tree: CompanyTree, accounts: Iterable[str]) -> set[str]:
        """Return the accounts that lead to these or that these lead to, now or by what was said."""
        nodes: set[str] = set()
        ask = set(accounts)
        while ask:
            tree.load(ask)
            nodes |= ask
            found: set[str] = set()
            for node in ask:
                account, step = tree.get(node), tree.alias_step(node)
                if account.domain:
                    pages = pages_of(self.bundle)[Relation.ALIAS].items()
                    named = {name for name, of in pages if of == account.domain}
                    found |= {tree.know(name) for name in named}
                found |= {account.joined_to or node, *account.parts, step.target if step else node}
            ask = found - nodes
        return nodes

    def _lead(self, account: Account, root: str, at: datetime) -> None:
        target = None if root == account.account_id else root
        if target == account.joined_to:
            return
        left = account.joined_to
        if left and account.joined_at:
            span = Span(since=account.joined_at, until=at)
            self.companies.change_account(left, partial(_undo, span=span))
        named = account.domain or account.record

        def change(held: Account) -> Account:
            made = _named(held, named) if named else held
            stamp = at if target else None
            return made.model_copy(update={"joined_to": target, "joined_at": stamp})

        self.companies.change_account(account.account_id, change)

    def _list_parts(self, root: Account, mine: set[str], nodes: set[str]) -> None:
        named = root.domain or root.record

        def change(held: Account) -> Account:
            parts = tuple(sorted((set(held.parts) - nodes) | mine))
            if parts == held.parts:
                return held
            made = _named(held, named) if named else held
            return made.model_copy(update={"parts": parts})

        self.companies.change_account(root.account_id, change)

    def _mark(self, node: str, root: str, tree: CompanyTree) -> None:
        """Remember that an account is as the bundle's pages want it, and where its people stand."""
        wanted = self._pages_on(tree.get(node).domain)

        def change(held: Account) -> Account:
            if held.settled_by == wanted and _find_place(held) == root:
                return held
            return held.model_copy(update={"settled_by": wanted, "settled_in": root})

        self.companies.change_account(node, change)

    def _pages_on(self, domain: str | None) -> str:
        """Return what the bundle's pages say of a company's name, in one text."""
        pages = pages_of(self.bundle)[Relation.ALIAS]
        mine = sorted(name for name, of in pages.items() if domain and of == domain)
        return " ".join([pages.get(domain or "", ""), *mine]).strip()


def _find_place(account: Account) -> str | None:
    """Return with which company an account's people stood when that was last settled."""
    itself = None if _was_joined(account) else account.account_id
    return account.settled_in or itself


def _was_joined(account: Account) -> bool:
    return bool(account.joined_to or account.parts or account.undone)


def _named(held: Account, key: str | None) -> Account:
    if key is None:
        return held
    if ":" in key:
        return held.model_copy(update={"record": key})
    return held.model_copy(update={"domain": held.domain or key})


def _undo(held: Account, span: Span) -> Account:
    undone = tuple(dict.fromkeys((*held.undone, span)))[-_SPANS:]
    return held.model_copy(update={"undone": undone})
