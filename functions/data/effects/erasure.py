"""Forget somebody: from this layer's tables here, from every other layer's by an order to it.

identity: `ERASURE#<request>/JOURNAL` (whom it is about, until all of it is done).
"""

from dataclasses import dataclass, replace

from functions.data.accounts.companies import CompanyRepository
from functions.data.accounts.deals import DealKeeper
from functions.data.effects.privacy import Privacy, name_request, stops_too
from functions.data.intake.log import SignalLog
from functions.data.people.ledger import find_all_ids, find_strangers_to
from functions.data.repository import IdentityRepository
from mos.erasure import Receipt, keep_receipt
from mos.events import ErasureOrdered, SignalReceived
from mos.identity.company import drop_own_words, group_id
from mos.identity.identifier import log_key, name_deal_log, usable
from mos.model.base import Stored, derive_id
from mos.model.review import Review
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle
from mos.policy.members import solutions
from mos.ports import Bus, Record, Table

_RUNS = 500


class Journal(Stored):
    """Whom an erasure is about: written before anything is erased, gone when everything is."""

    people: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    log_keys: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()


@dataclass
class Erasure:
    """Erases people, step by step: whatever step a try dies in, the next one finishes."""

    table: Table
    identity: IdentityRepository
    companies: CompanyRepository
    deals: DealKeeper
    log: SignalLog
    privacy: Privacy
    bus: Bus
    bundle: Bundle

    def erase(self, signal: Signal) -> bool:
        """Erase everybody whom the request names; say whether anybody was there."""
        request = name_request(signal)
        journal = self._open(signal, request)
        if stops_too(signal):
            self.privacy.remember(journal.keys)
        self._unsay(journal)
        self._unwrite(journal)
        self._redact(journal)
        for group in journal.groups:
            self.companies.groups.forget(group, (*journal.people, *journal.formerly))
        for person in (*journal.people, *journal.formerly):
            self.identity.traces.forget(person)
        for deal in self.deals.forget(journal.keys):
            self.log.redact(name_deal_log(deal), frozenset(journal.keys))
        for key in journal.keys:
            self.table.delete(f"ID#{key}", "OWNER")
        self.privacy.close_of({*journal.people, *journal.formerly}, signal.received_at)
        self._tell(signal, request, journal)
        self.table.delete(f"ERASURE#{request}", "JOURNAL")
        return bool(journal.people)

    def _open(self, signal: Signal, request: str) -> Journal:
        """Return whom it is about: as the first try wrote it down, else as things stand."""
        place = (f"ERASURE#{request}", "JOURNAL")
        held = self.table.get(*place)
        if held is None:
            journal = self._look(signal)
            if self.table.put_new(Record(*place, journal.canonical())):
                return journal
            held = self.table.get(*place)
        return Journal.parse(held.body) if held else self._look(signal)

    def _look(self, signal: Signal) -> Journal:
        asked = usable(signal, self.bundle)
        owners = self.identity.owners(asked)
        found = self.identity.find(o.person for o in owners.values())
        profiles = [profile for profile, _ in found.people.values()]
        accounts = {
            account
            for p in profiles if p.account_id
            for account in (p.account_id, self.companies.root_of(p.account_id))
        }  # fmt: skip
        groups = {
            group_id(one, solution) for one in accounts for solution in solutions(self.bundle)
        }
        known = {p.profile_id for p in profiles}
        keys = {i.key for i in (*asked, *(edge for p in profiles for edge in p.identifiers))}
        ids, apart = find_all_ids(self.identity, known)
        groups |= {group for one in ids for group in self.identity.traces.former_groups(one)}
        runs = [
            r.sk.removeprefix("RUN#")
            for group in sorted(groups)
            for r in self.table.query(f"GROUP#{group}", prefix="RUN#", limit=_RUNS)
        ]
        return Journal(
            people=tuple(sorted(known)),
            formerly=tuple(sorted(ids - known)),
            keys=tuple(sorted(keys)),
            log_keys=tuple(sorted({key for p in profiles for key in p.log_keys})),
            groups=tuple(sorted(groups)),
            accounts=tuple(sorted(accounts)),
            runs=tuple(runs[:_RUNS]),
            strangers=tuple(sorted((find_strangers_to(self.identity, ids) | apart) - known)),
        )

    def _unsay(self, journal: Journal) -> None:
        """Take out of their companies' records what they wrote there: before the log forgets it."""
        own = frozenset(journal.keys)
        said = {
            signal.signal_id
            for key in {*own, *journal.log_keys}
            for signal in self.log.under(key, own, self.bundle)
        }
        former = self.companies.groups.groups(journal.groups).values()
        for account in sorted({*journal.accounts, *(group.account_id for group in former)}):
            if said and self.companies.read([account]):
                self.companies.change_account(account, lambda held: drop_own_words(held, said))

    def _unwrite(self, journal: Journal) -> None:
        """Erase what was logged of them, and before it what points there."""
        own = frozenset(journal.keys)
        for key in sorted({*own, *journal.log_keys}):
            for signal in self.log.under(key, own, self.bundle):
                for record in self.table.query(f"TRACE#{signal.signal_id}"):
                    self.table.delete(record.pk, record.sk)
                self.log.erase(key, signal)
        for record in self.table.query("REVIEW"):
            review = Review.parse(record.body)
            if {review.left, review.right} & own:
                self.table.delete(record.pk, record.sk)

    def _redact(self, journal: Journal) -> None:
        """Take their identifiers out of other people's signals and profiles."""
        own = frozenset(journal.keys)
        found = self.identity.find(journal.strangers) if journal.strangers else None
        for profile, version in found.people.values() if found else ():
            self.identity.snapshots.drop_all(profile.profile_id)
            theirs = {identifier.key for identifier in profile.identifiers}
            moved = set[str]()
            for key in (*theirs, *profile.log_keys):
                for signal in self.log.redact(key, own):
                    moved.add(log_key(signal))
                    self._point(signal)
            gone = {*journal.people, *journal.formerly}
            self.identity.traces.redact_ledger(profile.profile_id, own, gone)
            if own & {*profile.foreign, *profile.apart, *profile.log_keys}:
                logged = {key for key in (*profile.log_keys, *moved) if key not in own | theirs}
                self.identity.save(
                    profile.model_copy(update={
                        "foreign": tuple(k for k in profile.foreign if k not in own),
                        "apart": {k: at for k, at in profile.apart.items() if k not in own},
                        "log_keys": tuple(sorted(logged)),
                    }),
                    version,
                )  # fmt: skip

    def _point(self, signal: Signal) -> None:
        """Let the pointers to a signal lead to where it is logged now."""
        for record in self.table.query(f"TRACE#{signal.signal_id}"):
            if record.tags.get("log") != log_key(signal):
                tags = {**record.tags, "log": log_key(signal)}
                self.table.save(replace(record, tags=tags))

    def _tell(self, signal: Signal, request: str, journal: Journal) -> None:
        """Leave this layer's receipts, and order every other layer to do the same."""
        done = {
            "identity": f"{len(journal.people)} profiles, {len(journal.keys)} identifiers and "
            "their ledger erased",
            "signals": "their signals erased, their identifiers taken out of other people's",
        }
        for store, what in done.items():
            receipt = Receipt(store=store, what=what, at=signal.received_at)
            keep_receipt(self.table, request, receipt)
        order = ErasureOrdered.following(
            SignalReceived.of(signal),
            event_id=derive_id("evt", "ErasureOrdered", request),
            request_id=request,
            people=(*journal.people, *journal.formerly),
            groups=journal.groups,
            runs=journal.runs,
        )
        self.bus.publish([order])
