"""Let people enter and leave buying groups: an item each, and a count that nobody waits for."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from functions.data.change import change_item
from functions.data.traces import PersonTraces
from mos.errors import ConflictError, UnavailableError
from mos.identity.company import member_since
from mos.model.account import BuyingGroup, Member
from mos.model.profile import Profile
from mos.model.signal import Signal
from mos.ports import Count, Record, Table
from mos.roster import COUNTED, FORMER, HEAD, MEMBER, RANK, RANKED, SIZE, Roster

_TRIES = 5
_THREADS = 8

Change = Callable[[BuyingGroup | None], BuyingGroup | None]


class GroupMembers(Roster):
    """The buying groups and their people, to change.

    A member's item is written once, and who has written it counts it. A try that dies between the
    two leaves the count one off: it is told, and nothing is decided by it. A count that is turned
    away takes the item back. Whoever leaves a group is remembered to have been in it, so that an
    erasure finds what is left there.
    """

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._items = table
        self._traces = PersonTraces(table)

    def change_group(self, group_id: str, change: Change) -> None:
        """Store what `change` makes of a group itself; None leaves it as it is.

        Raises:
            ConflictError: others were first every time.
        """
        change_item(self._items, (f"GROUP#{group_id}", HEAD), BuyingGroup, change)

    def join(
        self, group: BuyingGroup, profile: Profile, signal: Signal, rank: str | None, *, known: bool
    ) -> None:
        """Put a person into a group whom a signal brings there; who was parted comes back."""
        member = member_since(profile, signal)
        self.enter(group, member, rank, known=known, returns=bool(profile.undone))

    def enter(
        self, group: BuyingGroup, member: Member, rank: str | None, *, known: bool, returns: bool
    ) -> None:
        """Put somebody into a group; who is in it already stays as they are.

        `known` says that they may be there already: it is looked up, rather than tried. Who
        `returns` has the place again that they had when they left.
        """
        self._open(group, member)
        pk, person = f"GROUP#{group.group_id}", member.profile_id
        if known and self._items.get(pk, f"{MEMBER}{person}"):
            return
        was = self._items.get(pk, f"{FORMER}{person}") if returns else None
        body = was.body if was else member.canonical()
        made = Record(pk, f"{MEMBER}{person}", body, tags={RANKED: rank} if rank else {})
        if self._items.put_new(made):
            self._count(pk, 1, lambda: self._items.remove(replace(made, version=1)))
        if rank:
            self._items.put_new(Record(pk, f"{RANK}{rank}#{person}", body))
        if was:
            self._items.delete(pk, was.sk)

    def leave(self, group_id: str, person: str) -> bool:
        """Take somebody out of a group, which remembers their place; say whether they were in it.

        Raises:
            ConflictError: others were first.
        """
        self.expand(group_id)
        pk = f"GROUP#{group_id}"
        places = [(pk, f"{MEMBER}{person}"), (pk, f"{FORMER}{person}")]
        found = self._items.get_many(places)
        record, held = found.get(places[0]), found.get(places[1])
        if record is None:
            return False
        self._items.save(Record(*places[1], record.body, held.version if held else 0))
        self._drop(record)
        return True

    def forget(self, group_id: str, people: Iterable[str]) -> None:
        """Take people out of a group as if they had never been in it."""
        for person in people:
            self.leave(group_id, person)
            self._items.delete(f"GROUP#{group_id}", f"{FORMER}{person}")

    def move(self, group: BuyingGroup, target: BuyingGroup, people: Iterable[str]) -> None:
        """Take people into another account's group, with the place that they have in this one."""
        for person in people:
            record = self._items.get(f"GROUP#{group.group_id}", f"{MEMBER}{person}")
            if record:
                member, rank = Member.parse(record.body), _ranks(record)[0]
                self.enter(target, member, rank, known=True, returns=False)
                self._drop(record)

    def rank(self, group_id: str, person: str, rank: str | None, *, again: bool) -> None:
        """List a member under the rank that they have now; `again` where a first try may have died.

        The member's item names the new rank and the old one, so that no list keeps who has left.

        Raises:
            ConflictError: others were first every time.
        """
        pk = f"GROUP#{group_id}"
        for _ in range(_TRIES):
            record = self._items.get(pk, f"{MEMBER}{person}")
            if record is None:
                return
            now, before = _ranks(record)
            if now == rank and not again:
                return
            if now != rank:
                tags = {RANKED: " ".join(filter(None, (rank or "-", now)))}
                try:
                    self._items.save(replace(record, tags={**record.tags, **tags}))
                except ConflictError:
                    continue
                before = now
            if rank:
                self._items.put_new(Record(pk, f"{RANK}{rank}#{person}", record.body))
            if before and before != rank:
                self._items.delete(pk, f"{RANK}{before}#{person}")
            return
        raise ConflictError(f"{pk}/{person}")

    def expand(self, group_id: str) -> BuyingGroup | None:
        """Return a group that has an item for everybody: one of before gets them now."""
        record = self._items.get(f"GROUP#{group_id}", HEAD)
        held = BuyingGroup.parse(record.body) if record else None
        if record is None or held is None or not (held.members or held.former):
            return held
        listed = [Record(record.pk, f"{MEMBER}{m.profile_id}", m.canonical()) for m in held.members]
        listed += [Record(record.pk, f"{FORMER}{m.profile_id}", m.canonical()) for m in held.former]
        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(self._items.put_new, listed))
        size = self._items.get(record.pk, SIZE)
        counted = float(len(self._items.query(record.pk, prefix=MEMBER)))
        version = size.version if size else 0
        self._items.save(Record(record.pk, SIZE, version=version, numbers={COUNTED: counted}))
        made = held.model_copy(update={"members": (), "former": ()})
        self._items.save(replace(record, body=made.canonical()))
        return made

    def _open(self, group: BuyingGroup, member: Member) -> None:
        """Store the group itself where nobody has, and since when it has people."""
        held = self.expand(group.group_id)
        if held and held.formed_at:
            return
        place = (f"GROUP#{group.group_id}", HEAD)
        formed = group.model_copy(update={"formed_at": member.since})
        if held is None and self._items.put_new(Record(*place, formed.canonical())):
            return

        def form(now: BuyingGroup | None) -> BuyingGroup:
            made = now or group
            since = made.formed_at or member.since
            return made.model_copy(update={"formed_at": since})

        self.change_group(group.group_id, form)

    def _drop(self, record: Record) -> None:
        person = record.sk.removeprefix(MEMBER)
        self._traces.note_left(person, record.pk.removeprefix("GROUP#"))
        for rank in filter(None, _ranks(record)):
            self._items.delete(record.pk, f"{RANK}{rank}#{person}")
        if self._items.remove(record):
            self._count(record.pk, -1, lambda: self._items.put_new(record))
        elif self._items.get(record.pk, record.sk):
            raise ConflictError(record.pk)  # Their rank has changed meanwhile: look again.

    def _count(self, pk: str, amount: int, undo: Callable[[], object]) -> None:
        """Count who has come or gone; where that cannot be done now, they have not."""
        try:
            self._items.count(Count(pk, SIZE, COUNTED, amount))
        except UnavailableError:
            undo()
            raise


def _ranks(record: Record) -> tuple[str | None, str | None]:
    """Return under which rank a member is listed, and under which one they may be still."""
    now, _, before = record.tags.get(RANKED, "").partition(" ")
    return (now if now != "-" else None) or None, before or None
