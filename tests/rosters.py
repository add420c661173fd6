"""Who is in which buying group, as tests look at it."""

from mos.model.account import Member
from mos.ports import Table
from mos.roster import COUNTED, MEMBER, RANK, SIZE


def members_of(table: Table) -> dict[str, tuple[Member, ...]]:
    """Return the members of every group that has some, by when they came.

    What is counted and what is listed must agree with them.
    """
    found: dict[str, list[Member]] = {}
    counted: dict[str, float] = {}
    listed: set[tuple[str, str]] = set()
    for record in table.scan():
        group = record.pk.removeprefix("GROUP#")
        if record.sk.startswith(MEMBER) and record.pk.startswith("GROUP#"):
            found.setdefault(group, []).append(Member.parse(record.body))
        elif record.sk == SIZE:
            counted[group] = record.numbers[COUNTED]
        elif record.sk.startswith(RANK):
            listed.add((group, record.sk.rpartition("#")[2]))
    assert {group: size for group, size in counted.items() if size} == {
        group: len(members) for group, members in found.items()
    }
    assert listed <= {(group, m.profile_id) for group, members in found.items() for m in members}
    return {
        group: tuple(sorted(members, key=lambda m: (m.since, m.profile_id)))
        for group, members in found.items()
    }
