"""Under which ids people were known before, as the data layer's table tells."""

from collections.abc import Iterator, Sequence

from mos.identity.identifier import person_id
from mos.model.former import FormerId
from mos.model.ledger import Entry, Op
from mos.model.profile import Profile
from mos.ports import Table

_MOST = 20
"""The former ids of one person that a run carries along."""
_BATCH = 100


def find_former_ids(identity: Table, people: Sequence[Profile]) -> dict[str, tuple[FormerId, ...]]:
    """Return whose touches count for each of these people too, by their id; only where there are.

    An id is derived from the identifier under which somebody was first met, so those of everybody
    who joined a person are found by the identifiers that they brought. Of who was ever parted from
    somebody the ledger is read as well: it knows ids that were made then, and from whom.
    """
    asked = {p.profile_id: {person_id(i) for i in p.identifiers} for p in people}
    parted = {p.profile_id: list(_read_ledger(identity, p)) for p in people if p.undone}
    for one, entries in parted.items():
        asked[one] |= {i for e in entries if e.op is Op.MERGE for i in e.people}
    redirecting = _find_redirecting(identity, sorted({i for ids in asked.values() for i in ids}))
    found = {}
    for profile in people:
        own = profile.profile_id
        ids = sorted((asked[own] & redirecting) - {own})
        former = [FormerId(person_id=i) for i in ids]
        former += [f for e in parted.get(own, ()) for f in _read_parting(profile, e)]
        if former:
            found[own] = tuple(former[-_MOST:])
    return found


def _find_redirecting(identity: Table, ids: Sequence[str]) -> set[str]:
    """Return which ids lead to somebody else now."""
    found = set()
    for first in range(0, len(ids), _BATCH):
        keys = [(f"PERSON#{i}", "PROFILE") for i in ids[first : first + _BATCH]]
        records = identity.get_many(keys)
        found |= {pk.removeprefix("PERSON#") for (pk, _), r in records.items() if _leads_on(r.tags)}
    return found


def _leads_on(tags: object) -> bool:
    return isinstance(tags, dict) and "redirect" in tags


def _read_ledger(identity: Table, profile: Profile) -> Iterator[Entry]:
    for record in identity.query(f"PERSON#{profile.profile_id}", prefix="LEDGER#"):
        yield Entry.parse(record.body)


def _read_parting(profile: Profile, entry: Entry) -> Iterator[FormerId]:
    """Yield from whom somebody was parted, with the stretch in which both were one."""
    if entry.op is not Op.UNMERGE:
        return
    span = next((s for s in profile.undone if s.until == entry.at), None)
    for other in entry.people:
        if other != profile.profile_id:
            since = span.since if span else None
            yield FormerId(person_id=other, since=since, until=entry.at)
