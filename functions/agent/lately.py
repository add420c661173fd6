"""People and companies by name alone, of those about whom something was decided lately.

No index of everybody's names is kept: who is older is found by a mailbox, an id or their company.
"""

from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from functions.agent.by_day import list_by_day
from functions.agent.search import is_called, match_people, suggest
from functions.agent.tool import Desk
from mos.matching.clean import clean
from mos.matching.field import Field
from mos.model.account import Account
from mos.model.decision import FOUND_BY_DAY
from mos.model.profile import Profile

_BACK, _MOST = min(timedelta(days=14), FOUND_BY_DAY), 500
_CLOSE = 0.75


@dataclass(frozen=True)
class Lately:
    """Who may be meant; where these are `guesses`, nobody is called so, only nearly."""

    people: tuple[Profile, ...] = ()
    accounts: tuple[Account, ...] = ()
    guesses: bool = False


def find_lately(text: str, desk: Desk) -> Lately:
    """Return people who are called so, or whose company is; else who and what is nearly so."""
    people, accounts = _list_lately(desk)
    hits = match_people(text, people, exactly=True) or match_people(text, people, nearly=False)
    there = [p for p in people if p not in hits and _is_at(p, text)]
    named = [one for one in accounts if is_called(one, text)]
    if hits or there or named:
        return Lately((*hits, *there), tuple(named))
    near = match_people(text, people) or suggest(text, people, cutoff=_CLOSE)
    names = {_name_of(one): one for one in accounts}
    close = get_close_matches(clean(Field.COMPANY, text), names, n=3, cutoff=_CLOSE)
    return Lately(tuple(near), tuple(names[name] for name in close), guesses=True)


def list_colleagues(employer: str, desk: Desk) -> list[Profile]:
    """Return the people of a company without a domain of its own: none lists them by account.

    That is who says that it is theirs, and whose own account is called so.
    """
    people, accounts = _list_lately(desk)
    own = {one.account_id for one in accounts if is_called(one, employer)}
    return [one for one in people if _is_at(one, employer) or one.account_id in own]


def find_called(account_name: str, desk: Desk) -> list[Account]:
    """Return the companies of these days that are called so, a domain of their own or none."""
    return [one for one in _list_lately(desk)[1] if is_called(one, account_name)]


def _list_lately(desk: Desk) -> tuple[list[Profile], list[Account]]:
    decisions, _ = list_by_day(desk.now - _BACK, desk)
    people = dict.fromkeys(p.person_id for d in decisions for p in d.people)
    accounts = dict.fromkeys(d.account_id for d in decisions)
    places = [(f"PERSON#{i}", "PROFILE") for i in list(people)[:_MOST]]
    places += [(f"ACCOUNT#{i}", "ACCOUNT") for i in list(accounts)[:_MOST]]
    held = desk.tables("identity").get_many(places) if places else {}
    bodies = [(sort, held[pk, sort].body) for pk, sort in places if (pk, sort) in held]
    return (
        [Profile.parse(body) for sort, body in bodies if sort == "PROFILE" and body],
        [Account.parse(body) for sort, body in bodies if sort == "ACCOUNT" and body],
    )


def _is_at(person: Profile, text: str) -> bool:
    """Say whether somebody says that this is their company, as who writes from a free mailbox."""
    company = clean(Field.COMPANY, str(person.trait("company_name") or ""))
    return bool(company) and company == clean(Field.COMPANY, text)


def _name_of(account: Account) -> str:
    return clean(Field.COMPANY, str(account.trait("name") or account.domain or ""))
