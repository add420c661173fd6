"""Who is in a buying group, as it is stored: an item per person, so that any size costs the same.

identity: `GROUP#<id>/GROUP` (the group itself), `GROUP#<id>/MEMBER#<person>`,
`GROUP#<id>/FORMER#<person>` (who left, with the place that is theirs should they come back),
`GROUP#<id>/RANK#<rank>#<person>` (members by engagement, who has any to speak of) and
`GROUP#<id>/SIZE` (how many members there are, counted and never locked).

Groups from before stand whole in one item; they are read as they are until one of them changes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mos.model.account import BuyingGroup, Member
from mos.ports import Record, Table

HEAD, MEMBER, FORMER, RANK, SIZE = "GROUP", "MEMBER#", "FORMER#", "RANK#", "SIZE"
COUNTED = "members"
RANKED = "rank"
"""The tag of a member's item that says under which rank they are listed, and under which before."""


@dataclass(frozen=True)
class Selection:
    """Some of a group's members, by when they came, and how many were left out."""

    members: tuple[Member, ...]
    left_out: int = 0


class Roster:
    """The buying groups and their people, to read."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def group(self, group_id: str) -> BuyingGroup | None:
        """Return a group; its people only where it is stored as groups once were."""
        return self.groups([group_id]).get(group_id)

    def groups(self, ids: Iterable[str]) -> dict[str, BuyingGroup]:
        """Return the groups that exist, by id and in this order."""
        places = [(f"GROUP#{one}", HEAD) for one in dict.fromkeys(ids)]
        found = self._table.get_many(places) if places else {}
        parsed = [BuyingGroup.parse(found[place].body) for place in places if place in found]
        return {group.group_id: group for group in parsed}

    def member(self, group: BuyingGroup, person: str) -> Member | None:
        """Return somebody's place in a group, or None where they have none."""
        record = self._table.get(f"GROUP#{group.group_id}", f"{MEMBER}{person}")
        if record:
            return Member.parse(record.body)
        return next((m for m in group.members if m.profile_id == person), None)

    def first(self, group: BuyingGroup) -> Member | None:
        """Return anybody of a group, always the same while they stay."""
        listed = self._listed(group.group_id, 1)
        return (*group.members[:1], *listed, None)[0]

    def was_left(self, group: BuyingGroup) -> bool:
        """Say whether anybody has left a group."""
        key = f"GROUP#{group.group_id}"
        return bool(group.former or self._table.query(key, prefix=FORMER, limit=1))

    def size(self, group: BuyingGroup) -> int:
        """Return how many members a group has."""
        record = self._table.get(f"GROUP#{group.group_id}", SIZE)
        counted = int(record.numbers.get(COUNTED, 0)) if record else 0
        return max(counted, len(group.members))

    def select(self, group: BuyingGroup, most: int, person: str | None = None) -> Selection:
        """Return at most so many of a group's members: a person named first, the most engaged next.

        A group that fits is read whole. Of a larger one nobody else is read: its members are
        listed by engagement, and who is not listed comes last, by id.
        """
        listed = self._listed(group.group_id, most + 1)
        everybody = {m.profile_id: m for m in (*group.members, *listed)}
        if len(everybody) <= most:
            return _select(everybody.values(), 0)
        chosen: dict[str, Member] = {}
        if person and (own := everybody.get(person) or self.member(group, person)):
            chosen[person] = own
        for member in (*self._ranked(group.group_id, most), *everybody.values()):
            if len(chosen) >= most:
                break
            chosen.setdefault(member.profile_id, member)
        return _select(chosen.values(), self.size(group) - len(chosen))

    def everybody(self, group: BuyingGroup, page: int = 100) -> Iterator[tuple[Member, ...]]:
        """Yield all of a group's members, some at a time."""
        records = self._table.query(f"GROUP#{group.group_id}", prefix=MEMBER)
        listed = [Member.parse(record.body) for record in records]
        known = list({m.profile_id: m for m in (*group.members, *listed)}.values())
        for first in range(0, len(known), page):
            yield tuple(known[first : first + page])

    def _listed(self, group_id: str, most: int) -> list[Member]:
        found = self._table.query(f"GROUP#{group_id}", prefix=MEMBER, limit=most)
        return [Member.parse(record.body) for record in found]

    def _ranked(self, group_id: str, most: int) -> list[Member]:
        found: list[Record] = self._table.query(
            f"GROUP#{group_id}", prefix=RANK, newest_first=True, limit=most
        )
        return [Member.parse(record.body) for record in found]


def _select(members: Iterable[Member], left_out: int) -> Selection:
    listed = sorted(members, key=lambda m: (m.since, m.profile_id))
    return Selection(tuple(listed), max(0, left_out))
