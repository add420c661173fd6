"""One entry of the merge ledger: who, when, why, and what stood there before. Pure."""

from pydantic import Field

from mos.model.base import Instant, Noun, derive_id
from mos.model.profile import Profile
from mos.ports import Record

MERGE, UNMERGE, REFUSED = "merge", "unmerge", "refused"
LATE, RECLASSIFIED = "late", "reclassified"
_CORRECTIONS = {LATE, RECLASSIFIED}


class Entry(Noun):
    """What happened to a person's identity.

    `op` is merge, unmerge or refused (a merge that a protection stopped), or late or reclassified
    (a correction of the past). `before` holds the profiles as they stood; `by` is who caused it.
    """

    op: str
    at: Instant
    by: str
    rule: str
    signal_id: str
    people: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    evidence: str = ""
    changed: dict[str, str] = Field(default_factory=dict)
    before: tuple[Profile, ...] = ()
    compensate: tuple[str, ...] = ()

    def record(self, person: str) -> Record:
        """Return the entry as it is stored with `person`.

        A refused merge is kept once per rule and identifier, everything else once per signal.
        """
        if self.op == REFUSED:
            place = f"LEDGER#REFUSED#{derive_id('ref', self.rule, *self.identifiers)}"
        else:
            kind = "CORRECTION" if self.op in _CORRECTIONS else "LEDGER"
            others = "".join(p for p in self.people if p != person)
            place = f"{kind}#{self.at.isoformat()}#{self.signal_id}#{self.op}{others[:40]}"
        return Record(f"PERSON#{person}", place, self.canonical())
