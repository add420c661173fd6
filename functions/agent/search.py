"""Find companies and people as people say them: "Jane Doe at Bright Pay".

A company is found by its domain or the words of its name; a person by name within a company, since
no index of everybody's names is kept.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches

from functions.agent.tool import Desk
from mos.identity.company import account_id
from mos.identity.company_words import keys_of
from mos.matching.clean import clean
from mos.matching.field import Field
from mos.model.account import Account
from mos.model.base import derive_id
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle
from mos.policy.members import solutions
from mos.roster import Roster
from mos.vocabulary.company_host import find_site_company

_AT = re.compile(r"\s+(?:at|@|from|bei|chez)\s+", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s+")
_MOST_ACCOUNTS, _MOST_PEOPLE = 20, 200
_CLOSE, _SHORTEST = 0.65, 3


def split_subject(text: str) -> tuple[str, str] | None:
    """Return whom and which company a text names, or None where it names no company.

    >>> split_subject("Jane Doe at Bright Pay"), split_subject("Jane Doe, Bright Pay")
    (('Jane Doe', 'Bright Pay'), ('Jane Doe', 'Bright Pay'))
    """
    parts = _AT.split(text.strip(), maxsplit=1)
    if len(parts) == 1 and "@" not in text:
        parts = _COMMA.split(text.strip(), maxsplit=1)
    return (parts[0], parts[1]) if len(parts) > 1 and all(parts) else None


def read_domain(text: str) -> str | None:
    """Return the domain of the company that a domain, a host or an address of the web names.

    >>> read_domain("https://www.brightpay.example/pricing"), read_domain("Bright Pay")
    ('brightpay.example', None)
    """
    asked = text.strip()
    return None if "@" in asked or " " in asked else find_site_company(asked)


def find_accounts(text: str, desk: Desk) -> list[Account]:
    """Return the companies that a domain or a name may mean, the likeliest first."""
    identity = desk.tables("identity")
    if domain := read_domain(text):
        record = identity.get(f"ACCOUNT#{account_id(domain, '')}", "ACCOUNT")
        if record:
            return _lead_on([Account.parse(record.body)], desk)
    wanted = set(keys_of(text))
    hits: dict[str, int] = {}
    for key in sorted(wanted):
        for record in identity.query(f"NAME#{key}", limit=_MOST_ACCOUNTS * 5):
            hits[record.sk] = hits.get(record.sk, 0) + 1
    best = sorted(hits, key=lambda i: (-hits[i], i))[:_MOST_ACCOUNTS]
    held = identity.get_many([(f"ACCOUNT#{i}", "ACCOUNT") for i in best])
    found = [Account.parse(held[f"ACCOUNT#{i}", "ACCOUNT"].body)
             for i in best if (f"ACCOUNT#{i}", "ACCOUNT") in held]  # fmt: skip
    plain = clean(Field.COMPANY, text)
    found = _lead_on(found, desk)
    return sorted(found, key=lambda one: -_compare(one, plain))


def _compare(account: Account, plain: str) -> float:
    """Return how alike a company's name and a text are: 1 where they are the same."""
    name = clean(Field.COMPANY, str(account.trait("name") or ""))
    return SequenceMatcher(None, name, plain).ratio()


def has_every_word(account: Account, text: str) -> bool:
    """Say whether a company's name has each word of a text, but for the legal form; or its domain.

    One that lacks a word shares others: it may be meant, and nobody said so.
    """
    name = clean(Field.COMPANY, str(account.trait("name") or "")).split()
    wanted = clean(Field.COMPANY, text).split()
    return is_called(account, text) or (bool(wanted) and set(wanted) <= set(name))


def _lead_on(accounts: Sequence[Account], desk: Desk) -> list[Account]:
    """Return the accounts themselves for those that are aliases of theirs, each once."""
    wanted = list(dict.fromkeys(one.joined_to or one.account_id for one in accounts))
    known = {one.account_id: one for one in accounts}
    places = [(f"ACCOUNT#{i}", "ACCOUNT") for i in wanted if i not in known]
    more = desk.tables("identity").get_many(places) if places else {}
    known |= {a.account_id: a for r in more.values() for a in (Account.parse(r.body),)}
    return [known[one] for one in wanted if one in known]


def list_people(account: Account, bundle: Bundle, desk: Desk) -> list[Profile]:
    """Return the people of a company's buying groups, by id: at most the 200 most engaged."""
    identity = desk.tables("identity")
    ids = [derive_id("grp", account.account_id, name) for name in solutions(bundle)]
    roster = Roster(identity)
    members = {
        member.profile_id: None
        for group in roster.groups(ids).values()
        for member in roster.select(group, _MOST_PEOPLE).members
    }
    places = [(f"PERSON#{i}", "PROFILE") for i in sorted(list(members)[:_MOST_PEOPLE])]
    held = identity.get_many(places) if places else {}
    return [Profile.parse(held[p].body) for p in places if p in held and held[p].body]


def is_called(account: Account, text: str) -> bool:
    """Say whether this is the very company: by its domain, or its name but for the legal form."""
    name = clean(Field.COMPANY, str(account.trait("name") or ""))
    same_name = bool(name) and name == clean(Field.COMPANY, text)
    return same_name or (account.domain is not None and account.domain == read_domain(text))


def match_people(
    text: str, people: Iterable[Profile], *, exactly: bool = False, nearly: bool = True
) -> list[Profile]:
    """Return those whose name or mailbox has every word that is asked for, in any order.

    Words as they are written come first; unless `exactly` those are asked for, and where nobody
    has them, their beginnings follow, then (`nearly`) words that are misspelt a little.
    """
    wanted = clean(Field.FULL_NAME, text).split()
    named = [(person, _words_of(person)) for person in people]
    ways = (_is_among, _begins_one, _is_nearly_one)[: 1 if exactly else 3 if nearly else 2]
    for fits in ways:
        hits = [p for p, words in named if wanted and all(fits(word, words) for word in wanted)]
        if hits:
            return hits
    return []


def suggest(text: str, people: Iterable[Profile], cutoff: float = 0.5) -> list[Profile]:
    """Return those whose name is nearly what is asked for: what somebody may have meant."""
    names = {" ".join(_words_of(p)): p for p in people}
    near = get_close_matches(clean(Field.FULL_NAME, text), names, n=3, cutoff=cutoff)
    return [names[name] for name in near]


def _words_of(person: Profile) -> list[str]:
    said = [str(person.trait(name) or "") for name in ("first_name", "last_name", "name")]
    boxes = [i.value.partition("@")[0] for i in person.identifiers if i.type == "email"]
    words = [clean(Field.FULL_NAME, text) for text in said]
    words += [clean(Field.FULL_NAME, re.sub(r"[._+-]+", " ", box)) for box in boxes]
    return list(dict.fromkeys(word for text in words for word in text.split()))


def _is_among(word: str, words: Sequence[str]) -> bool:
    return word in words


def _begins_one(word: str, words: Sequence[str]) -> bool:
    return word in words or (len(word) >= _SHORTEST and any(w.startswith(word) for w in words))


def _is_nearly_one(word: str, words: Sequence[str]) -> bool:
    return _begins_one(word, words) or bool(get_close_matches(word, words, n=1, cutoff=_CLOSE))
