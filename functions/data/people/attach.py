"""Check whom a list's rows are said to be: nobody is attached on the word of who uploads."""

from dataclasses import dataclass
from datetime import datetime

from functions.data.intake.log import SignalLog
from functions.data.people.review_queue import ReviewQueue
from functions.data.repository import IdentityRepository
from mos.identity.attachment import APART, RowClaim, find_contradiction, read_claim
from mos.identity.correction import attach
from mos.identity.identifier import log_key, parse_key, person_id, usable
from mos.identity.resolution import Resolution
from mos.model.base import Facts
from mos.model.ledger import Entry, Op
from mos.model.profile import Profile
from mos.model.review import Review
from mos.model.signal import Identifier, Signal
from mos.policy.bundle.bundle import Bundle


@dataclass
class Attacher:
    """Attaches rows to people where nothing that is known contradicts it.

    What is contradicted stays what its own identifiers say, stands in the ledgers of both, and
    waits for a human.
    """

    identity: IdentityRepository
    log: SignalLog
    reviews: ReviewQueue
    bundle: Bundle

    def decide(self, row: Signal, now: datetime) -> Signal | None:
        """Return the signal that attaches a row, or None where it stays what it says itself.

        `row` must have found its own place: whoever holds its identifiers is stored.

        Raises:
            EndlessError: the redirects of somebody whom it names lead nowhere.
        """
        claim, own = read_claim(row), usable(row, self.bundle)
        if claim is None or not own:
            return None
        named = parse_key(claim.key)
        owners = self.identity.owners([*own, *([named] if named else [])])
        found = self.identity.find(o.person for o in owners.values())
        mine = _living([owners[i.key].person for i in own if i.key in owners], found)
        holder = owners.get(claim.key)
        person = found.stored(found.roots[holder.person])[0] if holder else None
        if named is None or person is None or not person.identifiers:
            self._note(row, own[0], mine, [], "nobody has what its sender names")
            return None
        others = [p for p in mine if p.profile_id != person.profile_id]
        if not others:
            return None  # Its own identifiers say so already.
        reason = find_contradiction(row, claim, person, others, self.bundle)
        if not claim.sure:
            self._ask(row, own[0], claim, None if reason == APART else claim.why)
            return None
        made = attach(row, own[0], named, _evidence(claim), now)
        if reason is None or self.log.holds(log_key(made), made):
            return made
        self._note(row, own[0], mine, [person], reason)
        self._ask(row, own[0], claim, None if reason == APART else f"{reason}; {claim.why}")
        return None

    def _ask(self, row: Signal, own: Identifier, claim: RowClaim, why: str | None) -> None:
        """Put a pair up for a human, unless one has said no."""
        if why is not None:
            self.reviews.add(
                Review(
                    kind="person",
                    left=own.key,
                    right=claim.key,
                    probability=claim.probability,
                    why=why,
                    at=row.received_at,
                )
            )

    def _note(
        self, row: Signal, own: Identifier, mine: list[Profile], others: list[Profile], why: str
    ) -> None:
        """Leave word with everybody concerned that a row was not attached, and why."""
        people = [p.profile_id for p in (*mine, *others)] or [person_id(own)]
        entry = Entry(
            op=Op.REFUSED,
            at=row.received_at,
            by=row.source,
            rule=f"not attached: {why}",
            signal_id=row.signal_id,
            people=tuple(people),
            identifiers=(own.key,),
        )
        for person in people:
            self.identity.note(entry, person)


def _living(ids: list[str], found: Resolution) -> list[Profile]:
    return [found.stored(root)[0] for root in dict.fromkeys(found.roots[i] for i in ids)]


def _evidence(claim: RowClaim) -> Facts:
    return {"match_probability": claim.probability, "match_why": claim.why}
