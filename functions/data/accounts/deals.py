"""Keep deals, and let each stand in the account whose it is.

identity: `DEAL#<system>:<id>/DEAL` (one deal), `DEAL#…/MOVE#<signal>#<account>` (what an
account lost and gained by a signal), `ROLE#<system>:<id>/ROLE` (a contact role),
`ID#<contact>/ROLE#<role>` (whose it is).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from functions.data.accounts.companies import CompanyRepository
from functions.data.accounts.deal_copy import place_deal, seed_deal, tell_entry, tell_loss
from functions.data.change import Kept, change_item
from mos.errors import ConflictError
from mos.identity.deal import account_of, complete_deal, fold_deal, read_merge
from mos.identity.deal_role import deal_of, fold_role, read_role, with_role
from mos.identity.deal_saying import DealSaying, name_deal, read_deal
from mos.model.account import Account
from mos.model.deal import Deal, DealRole, DealState
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle
from mos.ports import Record, Table

_TRIES, _MOST_PARTS = 5, 50
_DAYS = 30
"""As long as the runs of a group are remembered: a signal that comes later is another try's."""


@dataclass(frozen=True)
class DealMove:
    """An account that a deal is in or was in, and whether that changed.

    `taken_back` is what the account lost by it, `entered` the state in which the deal is new there.
    `deal` is the deal as it is now.
    """

    account_id: str
    changed: bool
    taken_back: str | None = None
    entered: DealState | None = None
    deal: Deal | None = None


@dataclass
class DealKeeper:
    """Deals as the CRM's words make them, each in one account."""

    table: Table
    companies: CompanyRepository
    bundle: Bundle

    def take(self, signal: Signal, home: str | None) -> list[DealMove]:
        """Take in what a signal says of deals and of roles in them; return whose they are or were.

        `home` is the account of the person whom it came with. A try that died is done again from
        its start, and comes to the same.
        """
        moves: dict[str, DealMove] = {}
        # Those that were merged come first: what is left of a merge reads them.
        for saying in reversed(read_deal(signal, home, self.bundle)):
            self._fold(saying)
            _gather(moves, self._settle(saying.key, signal))
        self._take_role(signal)
        return list(moves.values())

    def _fold(self, saying: DealSaying) -> None:
        def change(held: Deal | None) -> Deal:
            if held is None and (seed := self._seed(saying)):
                held = seed
            made = fold_deal(held, saying)
            return complete_deal(made, self._load_parts(made), self.bundle)

        self._change("DEAL", saying.key, Deal, change)

    def _seed(self, saying: DealSaying) -> Deal | None:
        """Return what an account knows of a deal that was kept in it alone."""
        deal = fold_deal(None, saying)
        held = self.companies.read([account_of(company) for company in deal.companies])
        return next((d for one in held.values() if (d := seed_deal(one, deal))), None)

    def _load(self, keys: Iterable[str]) -> list[Deal]:
        found = self.table.get_many([(f"DEAL#{key}", "DEAL") for key in keys])
        return [Deal.parse(record.body) for record in found.values()]

    def _load_parts(self, deal: Deal) -> list[Deal]:
        """Return the deals that were merged into one, and those that were merged into them."""
        found: dict[str, Deal] = {}
        ask = [deal]
        while ask and len(found) < _MOST_PARTS:
            into = {key: one.deal_id for one in ask for key in one.parts if key not in found}
            parts = {name_deal(one.system, one.deal_id): one for one in self._load(sorted(into))}
            merged = {k: p for k, p in parts.items() if read_merge(p) == into[k]}
            merged.pop(name_deal(deal.system, deal.deal_id), None)
            found |= merged
            ask = list(merged.values())
        return [found[key] for key in sorted(found)]

    def _load_ever(self, deal: Deal) -> list[Deal]:
        """Return the deals that were ever merged into one: where they stood, it may stand still."""
        found: dict[str, Deal] = {}
        ask = sorted(deal.parts)
        while ask and len(found) < _MOST_PARTS:
            more = {name_deal(one.system, one.deal_id): one for one in self._load(ask)}
            found |= more
            ask = sorted({part for one in more.values() for part in one.parts} - set(found))
        return [found[key] for key in sorted(found)]

    def _settle(
        self, key: str, signal: Signal, seen: frozenset[str] = frozenset()
    ) -> Iterable[DealMove]:
        """Let a deal stand in its account, and in no other that it was ever linked to.

        Whoever wrote a copy looks once more: somebody else may have changed the deal meanwhile.
        """
        moves: dict[str, DealMove] = {}
        for _ in range(_TRIES):
            (deal,) = self._load([key])
            ever = self._load_ever(deal)
            places = {c for one in (deal, *ever) for c in (*one.companies, one.company) if c}
            for company in sorted(places):
                move = self._place(deal, company, signal)
                _gather(moves, [move] if move else [])
            if self._load([key]) == [deal]:
                break
        else:
            raise ConflictError(key)
        for heir in deal.heirs:
            if heir not in seen and self._load([heir]):
                self._refresh(heir)
                later = self._settle(heir, signal, seen | {key, heir})
                _gather(moves, later)
        return moves.values()

    def _refresh(self, key: str) -> None:
        def change(held: Deal | None) -> Deal | None:
            return complete_deal(held, self._load_parts(held), self.bundle) if held else None

        self._change("DEAL", key, Deal, change)

    def _place(self, deal: Deal, company: str, signal: Signal) -> DealMove | None:
        account = account_of(company)
        stored = self.companies.read([account]).get(account)
        before = stored or Account(account_id=account)
        after = place_deal(before, deal, company)
        loss, entered = self._remember(signal, deal, before, after)
        if after != before:
            self.companies.change_account(account, lambda held: place_deal(held, deal, company))
        elif deal.account_id != account and not loss:
            return None
        return DealMove(account, after != before, loss, entered, deal)

    def _remember(
        self, signal: Signal, deal: Deal, before: Account, after: Account
    ) -> tuple[str | None, DealState | None]:
        """Return what an account loses and gains by a signal, as its first try found it."""
        place = (f"DEAL#{name_deal(deal.system, deal.deal_id)}",
                 f"MOVE#{signal.signal_id}#{after.account_id}")  # fmt: skip
        loss, entered = tell_loss(before, after, deal), tell_entry(before, after, deal)
        if loss or entered:
            tags = {"loss": loss or "", "entered": entered.value if entered else ""}
            expires = int(signal.received_at.timestamp()) + _DAYS * 86_400
            self.table.put_new(Record(*place, expires_at=expires, tags=tags))
            return loss, entered
        if (held := self.table.get(*place)) is None:
            return None, None
        state = held.tags["entered"]
        return held.tags["loss"] or None, DealState(state) if state else None

    def _take_role(self, signal: Signal) -> None:
        saying = read_role(signal)
        if saying is None:
            return
        contact = saying.words.get("contact")
        if contact and contact.value:
            # An erasure finds by it where somebody's record still stands.
            self.table.put_new(Record(f"ID#{contact.value}", f"ROLE#{saying.role_id}"))
        role = self._change("ROLE", saying.role_id, DealRole, lambda held: fold_role(held, saying))
        self._show_role(role)

    def _show_role(self, role: DealRole | None) -> None:
        key = deal_of(role) if role else None
        if role is None or key is None:
            return
        system, _, deal_id = key.partition(":")
        fresh = fold_deal(None, DealSaying(system, deal_id))
        self._change("DEAL", key, Deal, lambda held: with_role(held or fresh, role))

    def forget(self, contacts: Iterable[str]) -> list[str]:
        """Take people out of the deals that they had a part in; return the names of those deals."""
        pointers = [r for one in contacts for r in self.table.query(f"ID#{one}", prefix="ROLE#")]
        deals: list[str] = []
        for pointer in pointers:
            role_id = pointer.sk.removeprefix("ROLE#")
            role = self.table.get(f"ROLE#{role_id}", "ROLE")
            if role and (key := deal_of(DealRole.parse(role.body))):
                self._change("DEAL", key, Deal, partial(_without, role_id=role_id))
                deals.append(key)
            self.table.delete(f"ROLE#{role_id}", "ROLE")
            self.table.delete(pointer.pk, pointer.sk)
        return deals

    def _change(
        self, kind: str, key: str, noun: type[Kept], change: Callable[[Kept | None], Kept | None]
    ) -> Kept | None:
        """Store what `change` makes of a deal or a role and return it."""
        return change_item(self.table, (f"{kind}#{key}", kind), noun, change)


def _gather(moves: dict[str, DealMove], more: Iterable[DealMove]) -> None:
    """Add what else happened to accounts: what one gained does not undo what it lost by a merge."""
    for move in more:
        before = moves.get(move.account_id)
        moves[move.account_id] = (
            move
            if before is None
            else DealMove(
                move.account_id,
                before.changed or move.changed,
                before.taken_back or move.taken_back,
                move.entered or before.entered,
                move.deal or before.deal,
            )
        )


def _without(held: Deal | None, role_id: str) -> Deal | None:
    if held is None:
        return None
    kept = tuple(role for role in held.roles if role.role_id != role_id)
    return held.model_copy(update={"roles": kept})
