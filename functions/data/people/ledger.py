"""What the ledger says of somebody: who joined them as whom, and what was kept from them."""

from functions.data.repository import IdentityRepository
from mos.model.ledger import Op

_MOST = 1_000


def find_former_ids(identity: IdentityRepository, person: str, keys: set[str]) -> list[str]:
    """Return the ids under which people with some of these identifiers joined this person."""
    return [
        entry.people[1]
        for entry in reversed(identity.ledger(person))
        if entry.op is Op.MERGE and keys & set(entry.identifiers)
    ]


def find_refused_keys(identity: IdentityRepository, person: str) -> frozenset[str]:
    """Return the keys that a protection has kept from a person.

    Also from those who joined them or left them, a thousand ids at most: a refusal stays in the
    ledger it was written to, whoever holds the signal's identifiers now.
    """
    keys: set[str] = set()
    seen: set[str] = set()
    ask = [person]
    while ask and len(seen) < _MOST:
        one = ask.pop()
        if one in seen:
            continue
        seen.add(one)
        for entry in identity.ledger(one):
            if entry.op is Op.REFUSED:
                keys.update(entry.identifiers)
            elif entry.op in (Op.MERGE, Op.UNMERGE):
                ask.extend(entry.people)
    return frozenset(keys)
