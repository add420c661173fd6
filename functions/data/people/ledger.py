"""What the ledger says of somebody: who joined them as whom, and what was kept from them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from functions.data.repository import IdentityRepository
from functions.data.unify import Claim
from mos.identity.parting import Merge
from mos.model.ledger import Entry, Op
from mos.model.profile import Profile

_MOST = 1_000


def note_merge(claim: Claim, joined: str, before: Profile, loser: Profile) -> Entry:
    """Return the entry that says how somebody has joined a claim's person."""
    cause = claim.joined[joined]
    return Entry(
        op=Op.MERGE,
        at=cause.at,
        by=cause.by,
        rule=cause.rule,
        signal_id=cause.signal_id,
        people=(claim.into[joined], joined),
        identifiers=claim.brought[joined],
        own=claim.own[joined],
        evidence=cause.evidence,
        before=(before, loser),
    )


def find_merges(identity: IdentityRepository, person: str) -> list[Merge]:
    """Return the merges of a person, of who joined or left them, and of those; oldest first."""
    found: dict[tuple[datetime, str, str], Merge] = {}
    for entry in _walk(identity, person):
        if entry.op is Op.MERGE and entry.before:
            survivor, loser = entry.people
            place = (entry.at, entry.signal_id, loser)
            found[place] = (survivor, entry.own_keys(), loser, set(entry.identifiers))
    return [found[place] for place in sorted(found)]


def find_refused_keys(identity: IdentityRepository, person: str) -> frozenset[str]:
    """Return the keys that a protection has kept from a person.

    Also from those who joined them or left them: a refusal stays in the ledger it was written to,
    whoever holds the signal's identifiers now.
    """
    refused = (e.identifiers for e in _walk(identity, person) if e.op is Op.REFUSED)
    return frozenset(key for keys in refused for key in keys)


def _walk(identity: IdentityRepository, person: str) -> Iterator[Entry]:
    """Yield the ledgers of a person and of who joined or left them, a thousand ids at most."""
    seen, ask = set[str](), [person]
    while ask and len(seen) < _MOST:
        one = ask.pop()
        if one in seen:
            continue
        seen.add(one)
        for entry in identity.ledger(one):
            if entry.op in (Op.MERGE, Op.UNMERGE):
                ask.extend(entry.people)
            yield entry


def find_all_ids(
    identity: IdentityRepository, people: Iterable[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return every id under which these people were known, and those who live apart from them.

    Their own ids and of who joined them; who has left them again is somebody else, and so is
    whoever has joined that one.
    """
    own = set(people)
    seen, apart = set[str](), set[str]()
    ask = list(own)
    while ask and len(seen) < _MOST:
        one = ask.pop()
        if one in seen or one in apart:
            continue
        if one not in own and identity.raw(one)[0] is not None:
            apart.add(one)
            continue
        seen.add(one)
        for entry in identity.ledger(one):
            if entry.op in (Op.MERGE, Op.UNMERGE):
                ask += entry.people
    return frozenset(seen), frozenset(apart)


def find_strangers_to(identity: IdentityRepository, people: Iterable[str]) -> frozenset[str]:
    """Return the ids of others whose signals carried an identifier of these people."""
    return frozenset(other for person in people for other in identity.traces.carriers(person))
