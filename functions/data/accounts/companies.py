"""Where accounts are kept, one writer at a time, and their groups with them.

identity: `ACCOUNT#<id>/ACCOUNT`, `NAME#<word>/<account id>`, and what `mos.roster` keeps.
"""

from collections.abc import Callable, Sequence

from functions.data.accounts.members import GroupMembers
from functions.data.change import change_item
from mos.identity.company_words import keys_of
from mos.model.account import Account
from mos.ports import Record, Table


class CompanyRepository:
    """Accounts, and their groups. What meets another writer is done again on what is there."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.groups = GroupMembers(table)

    def read(self, accounts: Sequence[str]) -> dict[str, Account]:
        """Return the accounts that are stored under some ids."""
        found = self._table.get_many([(f"ACCOUNT#{one}", "ACCOUNT") for one in accounts])
        return {pk.removeprefix("ACCOUNT#"): Account.parse(r.body) for (pk, _), r in found.items()}

    def root_of(self, account: str) -> str:
        """Return the account whose alias an account is, or itself."""
        held = self.read([account]).get(account)
        return held.joined_to or account if held else account

    def change_account(self, account_id: str, change: Callable[[Account], Account]) -> Account:
        """Store what `change` makes of an account and return it.

        Raises:
            ConflictError: others were first every time.
        """
        fresh = Account(account_id=account_id)

        def change_held(held: Account | None) -> Account | None:
            before = held or fresh
            made = change(before)
            return None if made == before else made

        key = (f"ACCOUNT#{account_id}", "ACCOUNT")
        return change_item(self._table, key, Account, change_held) or fresh

    def list_name(self, account: Account) -> None:
        """Let an account be found by the words of its name."""
        name = account.trait("name")
        for key in keys_of(str(name)) if name and account.domain else ():
            self._table.put_new(Record(f"NAME#{key}", account.account_id))

    def named(self, name: str, most: int = 50) -> list[Account]:
        """Return accounts whose names share a word with this one."""
        found: dict[str, None] = {}
        for key in keys_of(name):
            found |= {r.sk: None for r in self._table.query(f"NAME#{key}", limit=most)}
        places = [(f"ACCOUNT#{i}", "ACCOUNT") for i in list(found)[: 2 * most]]
        held = self._table.get_many(places)
        named = [Account.parse(held[place].body) for place in places if place in held]
        own = {account.account_id for account in named}
        # Of one company under two names, the one that the other is an alias of.
        return [account for account in named if account.joined_to not in own]
