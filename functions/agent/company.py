"""Find the one company that somebody names: by its id, its domain or website, or its name."""

from functions.agent.lately import find_called
from functions.agent.search import find_accounts, is_called, read_domain
from functions.agent.subject import name_company, read_account
from functions.agent.tool import Desk
from mos.errors import MissingError
from mos.model.account import Account

_MEANT = 5


def find_company(named: str, desk: Desk) -> Account:
    """Return the company as a whole, with its aliases.

    Raises:
        MissingError: none is called so, or several are: it says which.
    """
    named = named.strip()
    if named.startswith("acc_"):
        found = read_account(named, desk)
        if found is None:
            raise MissingError(f"account {named}: write the whole id, or the company's domain")
        return found
    near = find_accounts(named, desk)
    # Whoever asks by an alias' domain is led to the account, which is called otherwise.
    exact = near if read_domain(named) else [one for one in near if is_called(one, named)]
    # One without a domain of its own stands in no index of names.
    exact = exact or ([] if read_domain(named) else find_called(named, desk))
    if len(exact) == 1:
        return read_account(exact[0].account_id, desk) or exact[0]
    known = ", ".join(f"{name_company(a)} [{a.account_id}]" for a in (near or exact)[:_MEANT])
    hint = f"did you mean {known}?" if known else "name its domain, or write it as it does"
    raise MissingError(f"one company called {named!r}: {hint}")
