"""Find whom a question is about: a person by id, mailbox or any identifier."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Annotated

from pydantic import Field

from functions.agent.lately import find_lately, list_colleagues
from functions.agent.log import device
from functions.agent.promises import stand_now
from functions.agent.search import (
    find_accounts,
    is_called,
    list_people,
    match_people,
    split_subject,
    suggest,
)
from functions.agent.tool import Desk
from mos.errors import MissingError
from mos.identity.company_tree import CompanyTree
from mos.model.account import Account, BuyingGroup
from mos.model.base import derive_id
from mos.model.plain_text import quote_data
from mos.model.profile import Profile
from mos.model.stage import Placement
from mos.policy.bundle.bundle import Bundle
from mos.policy.members import solutions
from mos.roster import Roster

Subject = Annotated[
    str,
    Field(
        min_length=1,
        max_length=320,
        description="A person: an id that begins with per_, a mailbox, type:value such as "
        'user_id:42, or somebody at their company, as in "Jane Doe at Bright Pay".',
    ),
]
"""Whom a question is about."""

HIDDEN = "(hidden)"
"""What stands for what somebody may not see."""
_HOPS, _MEANT = 20, 5
_LONGEST = 60
_MAILBOX = re.compile(r"<(?:mailto:)?([^<>@\s]+@[^<>@\s]+)>\s*$")
_NUMBER = re.compile(r"\d{5}|\+\d")
_NOT_PERSONAL = frozenset({
    "title", "seniority", "country", "region", "language", "timezone", "company_name",
    "company_domain", "lifecycle_stage", "lead_status", "plan", "industry",
})  # fmt: skip
"""Traits that an agent without personal data may read. All others are hidden: nobody knows what a
sender's own fields hold."""
_FORMS = (
    "name a mailbox, an id that begins with per_, type:value such as user_id:42, "
    'or somebody at their company: "Jane Doe at Bright Pay"'
)


def person(subject: str, desk: Desk) -> Profile:
    """Return the person whom `subject` names.

    That is `per_…`, `jane@example.com`, `type:value` or "Jane Doe at Bright Pay".

    Raises:
        MissingError: nobody is known by this name, or several are: it says who may be meant.
    """
    subject = unwrap_subject(subject)
    if parts := split_subject(subject):
        return _find_by_name(*parts, desk)
    identity = desk.tables("identity")
    profile_id = subject
    if not profile_id.startswith("per_"):
        key = profile_id.lower() if "@" in profile_id else profile_id
        kind, mark, value = key.partition(":")
        key = f"{kind.lower()}:{value}" if mark else f"email:{key}"
        owner = identity.get(f"ID#{key}", "OWNER")
        if owner is None:
            alone = device(key, desk.bundle(None), desk)
            if alone:
                return alone
            raise MissingError(f"person known as {subject!r}: {_hint(subject, desk)}")
        profile_id = owner.tags["person"]
    return _follow(profile_id, subject, desk)


def unwrap_subject(subject: str) -> str:
    """Return a subject without what mail programs put around a mailbox.

    >>> unwrap_subject("Jane Doe <jane@acme.example>"), unwrap_subject(" mailto:jane@acme.example ")
    ('jane@acme.example', 'jane@acme.example')
    """
    found = _MAILBOX.search(subject)
    return found.group(1) if found else subject.strip().removeprefix("mailto:")


def _hint(subject: str, desk: Desk) -> str:
    """Return how to name a person; of a company, that it is one."""
    for account in find_accounts(subject, desk) if ":" not in subject else ():
        if is_called(account, subject):
            name = name_company(account)
            return f'it is a company: name somebody there, "Jane Doe at {name}", or ask `account`'
    if set("@:_") & set(subject):
        return _FORMS
    meant = find_lately(subject, desk).people[:_MEANT]
    named = ", ".join(_name_with_id(one, desk) for one in meant)
    return f"did you mean {named}? Else {_FORMS}" if named else _FORMS


def _follow(profile_id: str, subject: str, desk: Desk) -> Profile:
    """Return the person behind an id, through any redirects of merges."""
    for _ in range(_HOPS):
        record = desk.tables("identity").get(f"PERSON#{profile_id}", "PROFILE")
        if record is None:
            break
        if record.body:
            return Profile.parse(record.body)
        if "redirect" not in record.tags:
            raise MissingError(f"person known as {subject!r}: they were erased")
        profile_id = record.tags["redirect"]
    raise MissingError(f"person known as {subject!r}: {_FORMS}")


def _find_by_name(name: str, employer: str, desk: Desk) -> Profile:
    """Return the one person with these very words in their name, at the company so called.

    Tools act on whom they are told: what is only nearly right is asked about, never taken.
    """
    near = find_accounts(employer, desk)
    accounts = [account for account in near if is_called(account, employer)]
    people = [p for account in accounts for p in list_people(account, desk.bundle(None), desk)]
    hits = match_people(name, people, exactly=True)
    if not hits:
        people += [p for p in list_colleagues(employer, desk) if p not in people]
        hits = match_people(name, people, exactly=True)
    if len(hits) == 1:
        return hits[0]
    if not accounts and not people:
        known = ", ".join(name_company(a) for a in near[:_MEANT])
        hint = f"did you mean {known}?" if known else "name its domain, or write it as it does"
        raise MissingError(f"company called {employer!r}: {hint}")
    others = hits or match_people(name, people) or suggest(name, people)
    meant = ", ".join(_name_with_id(one, desk) for one in others[:_MEANT])
    hint = f"did you mean {meant}?" if others else _count_known(people, employer)
    where = name_company(accounts[0]) if accounts else employer
    raise MissingError(f"one person called {name!r} at {where}: {hint}")


def _name_with_id(one: Profile, desk: Desk) -> str:
    name = called(one, desk)
    return name if name == one.profile_id else f"{name} [{one.profile_id}]"


def _count_known(people: Sequence[Profile], employer: str) -> str:
    if not people:
        return "nobody is known there"
    said = "1 person is" if len(people) == 1 else f"{len(people)} people are"
    return f"{said} known there: `find` {employer!r} lists them"


def name_company(account: Account) -> str:
    """Return what to call a company in a sentence; what is no name stands in quotes."""
    named = account.trait("name") or account.domain
    return quote_data(str(named)) if named else account.account_id


def company(profile: Profile, desk: Desk) -> Account | None:
    """Return the person's account as a whole, with its aliases, if they have one."""
    if profile.account_id is None:
        return None
    read = partial(_read_accounts, desk)
    found = CompanyTree(read, desk.bundle(None)).whole(profile.account_id)
    return found if read([found.account_id]) else None


def read_account(account_id: str, desk: Desk) -> Account | None:
    """Return an account as a whole, with its aliases and who is above it; None where unknown."""
    read = partial(_read_accounts, desk)
    if not read([account_id]):
        return None
    return CompanyTree(read, desk.bundle(None)).whole(account_id)


def _read_accounts(desk: Desk, ids: Sequence[str]) -> dict[str, Account]:
    found = desk.tables("identity").get_many([(f"ACCOUNT#{i}", "ACCOUNT") for i in ids])
    return {pk.removeprefix("ACCOUNT#"): Account.parse(r.body) for (pk, _), r in found.items()}


def root_of(profile: Profile, desk: Desk) -> str | None:
    """Return the id of the account whose alias the person's company is, or its own."""
    if profile.account_id is None:
        return None
    held = _read_accounts(desk, [profile.account_id]).get(profile.account_id)
    return (held and held.joined_to) or profile.account_id


def groups(profile: Profile, bundle: Bundle, desk: Desk) -> list[BuyingGroup]:
    """Return the buying groups of the person's account that they are in, the default's first."""
    account = root_of(profile, desk)
    if account is None:
        return []
    ids = [derive_id("grp", account, name) for name in solutions(bundle)]
    roster = Roster(desk.tables("identity"))
    found = roster.groups(ids).values()
    return [group for group in found if roster.member(group, profile.profile_id)]


def stage(subject_id: str, desk: Desk, group_id: str | None = None) -> Placement | None:
    """Return where a subject stands now; a person stands somewhere in each of their groups."""
    at = f"STAGE@{group_id}" if group_id else "STAGE"
    record = desk.tables("lifecycle").get(f"SUBJECT#{subject_id}", at)
    return stand_now(Placement.parse(record.body), desk) if record else None


def shown(profile: Profile, desk: Desk) -> dict[str, object]:
    """Return the profile as this agent may see it: without its scope, no personal data."""
    data = profile.model_dump(mode="json", exclude_defaults=True)
    if desk.scope.personal_data:
        return data
    data["identifiers"] = [{"type": i.type, "value": HIDDEN} for i in profile.identifiers]
    for name in ("apart", "foreign", "log_keys", "mailboxes"):  # Identifiers, also of others.
        data.pop(name, None)
    for name in ("consents", "suppressions"):
        for said in data.get(name, ()):
            said.pop("address", None)
    data["traits"] = {
        name: value if name in _NOT_PERSONAL and is_plain(value.get("value")) else HIDDEN
        for name, value in data.get("traits", {}).items()
    }
    return data


def is_plain(value: object) -> bool:
    """Say whether a value reads as what its field is for, and not as a note about somebody."""
    text = str(value)
    return len(text) <= _LONGEST and "@" not in text and not _NUMBER.search(text)


def called(profile: Profile, desk: Desk) -> str:
    """Return what to call the person in a sentence; what is no name stands in quotes."""
    if not desk.scope.personal_data:
        return profile.profile_id
    names = [str(profile.trait(n) or "") for n in ("first_name", "last_name")]
    full = " ".join(filter(None, names)) or str(profile.trait("name") or "")
    named = full or profile.value_of("email")
    return quote_data(named) if named else profile.profile_id
