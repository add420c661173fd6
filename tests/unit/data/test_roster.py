"""Who is in a buying group: an item each, whatever its size, and groups from before."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.data.accounts.members import GroupMembers
from mos.errors import ConflictError, UnavailableError
from mos.identity.engagement_rank import find_rank
from mos.memory.table import FakeTable
from mos.model.account import BuyingGroup, Member
from mos.model.profile import Profile, Span
from mos.policy.facts import decayed
from mos.ports import Count, Record
from mos.roster import RANK, SIZE, Roster
from tests.builders import NOON
from tests.property.worlds import policy
from tests.rosters import members_of

GROUP = BuyingGroup(group_id="grp_1", account_id="acc_1", solution="platform")
PK = "GROUP#grp_1"


def member(number: int) -> Member:
    at = NOON + timedelta(minutes=number)
    return Member(profile_id=f"per_{number:05}", since=at, signal_id=f"sig_{number}")


def filled(count: int, ranks: dict[int, str] | None = None) -> FakeTable:
    """Return a table in which a group has so many members."""
    table = FakeTable()
    groups = GroupMembers(table)
    for n in range(count):
        groups.enter(GROUP, member(n), (ranks or {}).get(n), known=False, returns=False)
    return table


def before(count: int, former: int = 0) -> FakeTable:
    """Return a table with a group in one item, as all once were."""
    table = FakeTable()
    whole = GROUP.model_copy(update={
        "members": tuple(member(n) for n in range(count)), "formed_at": NOON,
        "former": tuple(member(n) for n in range(count, count + former)),
    })  # fmt: skip
    table.save(Record(PK, "GROUP", whole.canonical()))
    return table


def test_who_joins_twice_is_there_once_and_keeps_their_place() -> None:
    table = filled(3)

    GroupMembers(table).enter(
        GROUP, member(1).model_copy(update={"since": NOON}), None, known=False, returns=False
    )

    assert members_of(table) == {"grp_1": (member(0), member(1), member(2))}


def test_who_leaves_and_is_parted_again_has_the_place_that_was_theirs() -> None:
    table = filled(3, {1: "0007"})
    groups = GroupMembers(table)

    groups.leave("grp_1", "per_00001")
    gone = members_of(table)
    late = member(1).model_copy(update={"since": NOON + timedelta(days=9)})
    groups.enter(GROUP, late, None, known=True, returns=True)

    assert gone == {"grp_1": (member(0), member(2))}
    assert members_of(table) == {"grp_1": (member(0), member(1), member(2))}
    assert table.get("PERSON#per_00001", "LEFT#grp_1")


def test_who_only_comes_back_begins_anew() -> None:
    table = filled(2)
    groups = GroupMembers(table)
    late = member(1).model_copy(update={"since": NOON + timedelta(days=9)})

    groups.leave("grp_1", "per_00001")
    groups.enter(GROUP, late, None, known=True, returns=False)

    assert members_of(table)["grp_1"][1].since == late.since


def test_who_is_forgotten_leaves_nothing_in_the_group() -> None:
    table = filled(3, {0: "0007", 1: "0009"})
    groups = GroupMembers(table)
    groups.rank("grp_1", "per_00001", "0011", again=False)
    groups.leave("grp_1", "per_00001")

    groups.forget("grp_1", ["per_00000", "per_00001"])

    left = [r for (pk, _), r in table.items.items() if pk == PK]
    assert not [r for r in left if "per_00000" in r.sk + r.body or "per_00001" in r.sk + r.body]
    assert Roster(table).size(GROUP) == 1


def test_a_rank_moves_and_no_list_keeps_the_old_one() -> None:
    table = filled(2, {1: "0007"})
    groups = GroupMembers(table)

    for rank in ("0008", "0008", None, "0009"):
        groups.rank("grp_1", "per_00001", rank, again=False)
    groups.rank("grp_1", "per_00001", "0009", again=True)

    assert [r.sk for r in table.query(PK, prefix=RANK)] == ["RANK#0009#per_00001"]
    groups.leave("grp_1", "per_00001")
    assert table.query(PK, prefix=RANK) == []


def test_a_group_from_before_is_read_as_it_is_and_gets_its_items_when_it_changes() -> None:
    table = before(700, former=2)
    roster, group = Roster(table), Roster(table).group("grp_1")
    assert group is not None

    assert roster.size(group) == 700
    assert roster.member(group, "per_00650") == member(650)
    assert roster.first(group) == member(0)
    small, some = roster.select(group, 900), roster.select(group, 500, "per_00650")
    assert len(small.members) == 700
    assert (len(some.members), some.left_out, member(650) in some.members) == (500, 200, True)

    GroupMembers(table).enter(GROUP, member(900), None, known=True, returns=False)
    GroupMembers(table).enter(GROUP, member(701), None, known=True, returns=True)

    held = Roster(table).group("grp_1")
    assert held is not None
    assert (held.members, held.former, held.formed_at) == ((), (), NOON)
    found = members_of(table)["grp_1"]
    assert found == (*(member(n) for n in range(700)), member(701), member(900))


def test_what_a_release_from_before_adds_meanwhile_is_taken_in() -> None:
    table = filled(3)
    record = table.get(PK, "GROUP")
    assert record is not None
    whole = BuyingGroup.parse(record.body).model_copy(update={"members": (member(8), member(1))})
    table.save(Record(PK, "GROUP", whole.canonical(), record.version))

    GroupMembers(table).enter(GROUP, member(9), None, known=True, returns=False)

    assert members_of(table)["grp_1"] == (*(member(n) for n in (0, 1, 2)), member(8), member(9))


def test_a_small_group_is_read_whole_and_a_large_one_by_engagement() -> None:
    table = filled(30, {7: "0005", 21: "0009", 11: "0007"})
    roster = Roster(table)

    assert len(roster.select(GROUP, 30).members) == 30
    some = roster.select(GROUP, 5, "per_00029")

    chosen = {m.profile_id for m in some.members}
    assert {"per_00029", "per_00021", "per_00011", "per_00007"} <= chosen
    assert (len(chosen), some.left_out) == (5, 25)
    assert list(some.members) == sorted(some.members, key=lambda m: m.since)


def test_two_who_change_one_member_do_not_lose_each_other() -> None:
    table = filled(1, {0: "0007"})
    stale = table.get(PK, "MEMBER#per_00000")
    assert stale is not None
    GroupMembers(table).rank("grp_1", "per_00000", "0008", again=False)

    with pytest.raises(ConflictError):
        GroupMembers(table)._drop(stale)  # noqa: SLF001  what a leave does at its end

    assert GroupMembers(table).leave("grp_1", "per_00000")
    assert table.query(PK, prefix=RANK) == []


@pytest.mark.parametrize("size", [10, 2_000])
def test_a_join_touches_as_much_whatever_the_groups_size(size: int) -> None:
    table = filled(size)
    seen = dict(table.items)

    GroupMembers(table).enter(GROUP, member(size), "0007", known=False, returns=False)

    changed = {key for key, record in table.items.items() if seen.get(key) != record}
    assert {sk.partition("#")[0] for _, sk in changed} == {"MEMBER", "RANK", SIZE}
    assert len(changed) == 3
    assert max(len(table.items[key].body) for key in changed) < 200


@given(st.lists(st.tuples(st.floats(20, 5_000), st.integers(0, 500_000)), min_size=2, max_size=30))
def test_ranks_keep_the_order_of_engagement_whenever_one_asks(
    acts: list[tuple[float, int]],
) -> None:
    bundle, at = policy(), NOON + timedelta(days=400)
    life = bundle.number("engagement_half_life_days")
    people = [
        Profile(profile_id=f"per_{n}", engagement=points,
                engagement_at=NOON + timedelta(minutes=minutes))
        for n, (points, minutes) in enumerate(acts)
    ]  # fmt: skip

    for one in people:
        for other in people:
            now = [p.engagement * 0.5 ** ((at - p.engagement_at).total_seconds() / 86_400 / life)
                   for p in (one, other) if p.engagement_at]  # fmt: skip
            if now[0] > 2.01 * now[1]:
                assert (find_rank(one, bundle) or "") > (find_rank(other, bundle) or "")
    assert decayed(1.0, NOON, at, life) >= 0


def test_who_has_hardly_done_anything_has_no_rank() -> None:
    quiet = Profile(profile_id="per_1", engagement=19.9, engagement_at=NOON)
    parted = quiet.model_copy(update={"undone": (Span(since=NOON, until=NOON),)})

    assert find_rank(quiet, policy()) is None
    assert find_rank(parted, policy()) is None
    assert find_rank(quiet.model_copy(update={"engagement": 20.0}), policy())


class Dying(FakeTable):
    """A table that fails once, at the write that it is told."""

    left: int | None = None

    def save(self, record: Record) -> Record:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise UnavailableError("identity")
        return super().save(record)


class Crowded(FakeTable):
    """A table whose counts are turned away once."""

    turned_away = 0

    def count(self, change: Count) -> float:
        self.turned_away += 1
        if self.turned_away == 1:
            raise UnavailableError("dynamodb", "ThrottlingException")
        return super().count(change)


def test_a_count_that_is_turned_away_is_made_with_the_next_try() -> None:
    table = Crowded()
    groups = GroupMembers(table)

    for _ in range(2):
        with contextlib.suppress(UnavailableError):
            groups.enter(GROUP, member(1), "0007", known=True, returns=False)
    came = members_of(table)
    table.turned_away = 0
    for _ in range(2):
        with contextlib.suppress(UnavailableError):
            groups.leave("grp_1", "per_00001")

    assert came == {"grp_1": (member(1),)}
    assert members_of(table) == {}
    assert Roster(table).size(GROUP) == 0


@pytest.mark.parametrize("write", range(10))
def test_a_group_from_before_whose_change_dies_anywhere_is_finished_by_the_next(
    write: int,
) -> None:
    table, whole = Dying(), before(5, former=2)
    table.save(Record(PK, "GROUP", whole.items[PK, "GROUP"].body))
    table.left = write

    try:
        GroupMembers(table).expand("grp_1")
    except UnavailableError:
        GroupMembers(table).expand("grp_1")

    assert members_of(table)["grp_1"] == tuple(member(n) for n in range(5))
    assert [r.sk for r in table.query(PK, prefix="FORMER#")] == [
        "FORMER#per_00005", "FORMER#per_00006",
    ]  # fmt: skip
    assert Roster(table).size(GROUP) == 5
