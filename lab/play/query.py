"""Look things up in a system's tables: whom a subject names, what was decided about them."""

from collections.abc import Container, Mapping, Sequence

from functions.agent.propose import identifier
from lab.play.error import StoryLineError
from lab.play.lines import DecisionRef
from lab.system import InProcessSystem
from mos.identity.company_tree import CompanyTree
from mos.identity.hindsight import corrected
from mos.model.account import Account
from mos.model.decision import Decision
from mos.model.delivery import Delivery
from mos.model.profile import Profile
from mos.model.signal import Signal
from mos.model.stage import Placement


def list_people(system: InProcessSystem) -> list[Profile]:
    """Return everybody who is stored, by id."""
    found = [r for r in system.tables["identity"].scan() if r.sk == "PROFILE" and r.body]
    return sorted((Profile.parse(r.body) for r in found), key=lambda p: p.profile_id)


def list_merged(system: InProcessSystem) -> dict[str, str]:
    """Return who each id leads to that became another's."""
    found = {
        r.pk.removeprefix("PERSON#"): r.tags["redirect"]
        for r in system.tables["identity"].scan()
        if r.sk == "PROFILE" and not r.body and "redirect" in r.tags
    }
    return {one: _follow(one, found) for one in found}


def _follow(person: str, redirects: Mapping[str, str]) -> str:
    seen = {person}
    while (then := redirects.get(person)) is not None and then not in seen:
        seen.add(then)
        person = then
    return person


def list_accounts(system: InProcessSystem) -> dict[str, Account]:
    """Return every company or person alone, by id."""
    found = [r for r in system.tables["identity"].scan() if r.sk == "ACCOUNT" and r.body]
    return {r.pk.removeprefix("ACCOUNT#"): Account.parse(r.body) for r in found}


def find_root(account: str | None, system: InProcessSystem) -> str | None:
    """Return the account whose alias an account is, or itself."""
    record = system.tables["identity"].get(f"ACCOUNT#{account}", "ACCOUNT")
    return (record and Account.parse(record.body).joined_to) or account


def find_company(account: str, system: InProcessSystem) -> Account:
    """Return an account as a whole."""

    def read(accounts: Sequence[str]) -> dict[str, Account]:
        found = {
            one: system.tables["identity"].get(f"ACCOUNT#{one}", "ACCOUNT") for one in accounts
        }
        return {one: Account.parse(record.body) for one, record in found.items() if record}

    return CompanyTree(read, system.bundle).whole(account)


def list_decisions(system: InProcessSystem) -> list[Decision]:
    """Return what was decided, the oldest first."""
    found = [r.body for r in system.tables["decisions"].scan() if r.sk == "DECISION"]
    return sorted(map(Decision.parse, found), key=lambda d: (d.decided_at, d.decision_id))


def list_deliveries(system: InProcessSystem) -> list[Delivery]:
    """Return what was delivered or refused, by id."""
    found = [r.body for r in system.tables["actions"].scan() if r.sk == "DELIVERY"]
    return sorted(map(Delivery.parse, found), key=lambda d: d.action_id)


def find_stage(system: InProcessSystem, subject_id: str | None, sort: str = "STAGE") -> str | None:
    """Return where a subject stands, None where it was never placed."""
    record = system.tables["lifecycle"].get(f"SUBJECT#{subject_id}", sort)
    return Placement.parse(record.body).stage if record else None


def find_person(subject: str, system: InProcessSystem) -> Profile | None:
    """Return the person whom `type:value` names, if anybody is."""
    key = identifier(subject).key
    return next((p for p in list_people(system) if any(i.key == key for i in p.identifiers)), None)


def find_signals(subject: str, system: InProcessSystem) -> list[Signal]:
    """Return what arrived with the identifiers of a person, in order, as it is seen now."""
    person = find_person(subject, system)
    keys = {i.key for i in person.identifiers} if person else {identifier(subject).key}
    found = [s for s in system.logged() if keys & {i.key for i in s.identifiers}]
    return sorted(corrected(found), key=lambda s: (s.occurred_at, s.signal_id))


def find_decision(
    ref: DecisionRef, system: InProcessSystem, waiting: Container[str] = ()
) -> Decision:
    """Return the decision that a story means: the nth of a person and action, else the latest.

    Where some are `waiting` for an answer, the latest of those goes before any other.

    Raises:
        StoryLineError: there is no such decision; says which there are.
    """
    person = find_person(ref.person, system)
    if person is None:
        raise StoryLineError(f"nobody is known as {ref.person}")
    merged = list_merged(system)
    ids = {person.profile_id, *(one for one in merged if merged[one] == person.profile_id)}
    theirs = [d for d in list_decisions(system) if d.person_id in ids]
    found = [d for d in theirs if ref.action in (None, d.action)]
    if ref.nth is None:
        found = [d for d in found if d.decision_id in waiting] or found
    place = len(found) if ref.nth is None else ref.nth
    if not 1 <= place <= len(found):
        made = ", ".join(d.action for d in theirs) or "nothing"
        wanted = f"the {ref.action or 'decision'} (nth {ref.nth or 1})"
        raise StoryLineError(f"{wanted} about {ref.person} was never decided: there are {made}")
    return found[place - 1]
