"""What a table promises, kept by the one in memory and by DynamoDB alike."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from mos.aws.clients import client
from mos.errors import ConflictError, LimitReachedError, OversizedError
from mos.memory.table import FakeTable
from mos.ports import Count, Record, Save, Table
from tests.dynamo import new_table

ENV = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
}


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    """One AWS in memory for all tests of this file: clients are slow to make."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name, value in ENV.items():
            patch.setenv(name, value)
        client.cache_clear()
        yield
        client.cache_clear()


@pytest.fixture(params=["memory", pytest.param("dynamodb", marks=pytest.mark.integration)])
def table(request: pytest.FixtureRequest) -> Table:
    if request.param == "memory":
        return FakeTable()
    request.getfixturevalue("aws")
    return new_table()


def test_what_is_saved_is_read_back_as_the_next_version(table: Table) -> None:
    record = Record("p", "s", '{"a":1}', 0, 99, {"n": 1.5}, {"who": "jane"})

    saved = table.save(record)

    assert saved.version == 1
    assert table.get("p", "s") == saved
    assert table.get("p", "other") is None


def test_a_save_on_an_old_version_conflicts_and_changes_nothing(table: Table) -> None:
    first = table.save(Record("p", "s", "one"))
    second = table.save(Record("p", "s", "two", first.version))

    for version in (0, first.version, 7):
        with pytest.raises(ConflictError):
            table.save(Record("p", "s", "three", version))

    assert table.get("p", "s") == second


def test_put_new_stores_once_whatever_the_version_says(table: Table) -> None:
    assert table.put_new(Record("p", "s", "one"))

    assert not table.put_new(Record("p", "s", "two"))
    assert not table.put_new(Record("p", "s", "two", 1))

    kept = table.get("p", "s")
    assert kept is not None
    assert kept.body == "one"


def test_a_count_stops_at_its_limit(table: Table) -> None:
    sums = [table.count(Count("p", "s", "used", 2, at_most=5)) for _ in range(2)]

    with pytest.raises(LimitReachedError):
        table.count(Count("p", "s", "used", 2, at_most=5))

    assert sums == [2, 4]
    assert table.count(Count("p", "s", "used", 1, at_most=5)) == 5
    assert table.count(Count("p", "s", "other", 1)) == 1


def test_a_first_count_above_its_limit_is_refused(table: Table) -> None:
    with pytest.raises(LimitReachedError):
        table.count(Count("p", "s", "used", 3, at_most=2))

    assert table.get("p", "s") is None


def test_a_transaction_makes_all_its_changes(table: Table) -> None:
    table.transact([Save(Record("p", "s", "one")), Count("p", "n", "used", 3)], "tx_1")

    kept, counted = table.get("p", "s"), table.get("p", "n")
    assert kept is not None
    assert counted is not None
    assert (kept.body, kept.version, counted.numbers) == ("one", 1, {"used": 3})


def test_a_transaction_that_passes_a_limit_makes_none(table: Table) -> None:
    table.count(Count("p", "n", "used", 2))

    with pytest.raises(LimitReachedError) as caught:
        table.transact([Save(Record("p", "s")), Count("p", "n", "used", at_most=2)], "tx_1")

    assert caught.value.key == "p/n"
    assert table.get("p", "s") is None


def test_a_transaction_that_conflicts_makes_none(table: Table) -> None:
    table.save(Record("p", "s", "one"))

    with pytest.raises(ConflictError):
        table.transact([Count("p", "n", "used"), Save(Record("p", "s", "two"))], "tx_1")

    assert table.get("p", "n") is None


def test_a_query_is_ordered_and_bounded(table: Table) -> None:
    for sort in ("b#2", "a#1", "b#1", "b#3"):
        table.save(Record("p", sort))
    table.save(Record("q", "b#9"))

    assert [r.sk for r in table.query("p")] == ["a#1", "b#1", "b#2", "b#3"]
    assert [r.sk for r in table.query("p", prefix="b#")] == ["b#1", "b#2", "b#3"]
    newest = table.query("p", prefix="b#", newest_first=True, limit=2)
    assert [r.sk for r in newest] == ["b#3", "b#2"]
    assert table.query("nobody") == []


def test_many_are_read_at_once_each_once(table: Table) -> None:
    for i in range(120):
        table.save(Record(f"p{i}", "s", str(i)))
    keys = [(f"p{i}", "s") for i in range(130)]

    found = table.get_many([*keys, *keys])

    assert len(found) == 120
    assert found["p119", "s"].body == "119"
    assert table.get_many([]) == {}


def test_a_scan_sees_everything_or_as_much_as_was_asked(table: Table) -> None:
    for i in range(5):
        table.save(Record("p", str(i)))

    assert len(list(table.scan())) == 5
    assert len(list(table.scan(limit=3))) == 3


@pytest.mark.parametrize(
    "record",
    [
        Record("p", "s", "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(200_000))),
        Record("p" * 2049, "s"),
        Record("p", "s" * 1025),
    ],
    ids=["item", "partition key", "sort key"],
)
def test_what_can_never_be_stored_is_told_from_what_may_be_tried_again(
    table: Table, record: Record
) -> None:
    with pytest.raises(OversizedError):
        table.save(record)
    with pytest.raises(OversizedError):
        table.transact([Save(record)], "t")

    assert list(table.scan()) == []


def test_what_is_removed_as_it_was_read_is_gone_and_only_the_first_removes_it(
    table: Table,
) -> None:
    first = table.save(Record("p", "s", "one"))
    second = table.save(Record("p", "s", "two", first.version))

    assert not table.remove(first)
    assert table.get("p", "s") == second
    assert table.remove(second)
    assert not table.remove(second)
    assert table.get("p", "s") is None


def test_a_count_that_goes_back_is_what_is_left(table: Table) -> None:
    table.count(Count("p", "SIZE", "members", 3))

    assert table.count(Count("p", "SIZE", "members", -1)) == 2


def test_from_the_beginning_is_said_by_an_empty_first_key(table: Table) -> None:
    for moment in ("2026-03-01", "2026-03-02", "2026-03-03"):
        table.save(Record("due", moment, "{}"))

    assert [r.sk for r in table.between("due", "", "2026-03-02")] == ["2026-03-01", "2026-03-02"]
    assert [r.sk for r in table.between("due", "2026-03-02", "2026-03-09")] == [
        "2026-03-02",
        "2026-03-03",
    ]
