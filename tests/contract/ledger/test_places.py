"""Touches in places, on the table in memory and on DynamoDB alike."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from botocore.stub import Stubber
from moto import mock_aws

from functions.decisioning.touches import Lately
from mos.aws.clients import client
from mos.aws.table import DynamoTable
from mos.errors import ConflictError, ContendedError
from mos.memory.table import FakeTable
from mos.model.touched import Touched
from mos.ports import Record, Save, Table
from tests.builders import NOON
from tests.contract.table.test_table import ENV
from tests.dynamo import new_table

MONTH = timedelta(days=30)


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
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


def add(lately: Lately, hour: float, room: float, point: float) -> Save:
    touch = Touched(NOON + timedelta(hours=hour), "email")
    return lately.add(touch, 16, room, point, MONTH)


def test_two_runs_at_once_both_have_a_place_where_there_is_room_for_both(table: Table) -> None:
    one, other = Lately.read(table, "rep:ada"), Lately.read(table, "rep:ada")

    table.transact([add(one, 0, room=2, point=0.1)], "tx_1")
    table.transact([add(other, 0, room=2, point=0.9)], "tx_2")

    assert len(Lately.read(table, "rep:ada").touches) == 2


def test_of_two_runs_that_want_the_last_place_the_second_looks_again(table: Table) -> None:
    one, other = Lately.read(table, "rep:ada"), Lately.read(table, "rep:ada")
    table.transact([add(one, 0, room=1, point=0.1)], "tx_1")

    with pytest.raises(ConflictError):
        table.transact([add(other, 0, room=1, point=0.9)], "tx_2")

    assert len(Lately.read(table, "rep:ada").touches) == 1


def test_the_one_record_of_before_is_read_and_written_as_the_first_place(table: Table) -> None:
    body = f'[["{NOON.isoformat()}","email"],["{(NOON + timedelta(hours=1)).isoformat()}","sms"]]'
    table.save(Record("TOUCHES#per_1", "RECENT", body))
    before = Lately.read(table, "per_1")

    table.transact([add(before, 2, room=16, point=0.99)], "tx_1")
    table.transact([add(Lately.read(table, "per_1"), 3, room=16, point=0)], "tx_2")

    after = Lately.read(table, "per_1")
    assert [t.channel for t in before.touches] == ["email", "sms"]
    assert {number: len(kept) for number, kept in after.places.items()} == {0: 3, 1: 1}


@pytest.mark.integration
def test_a_transaction_that_meets_another_says_so(aws: None) -> None:
    reasons = [{"Code": "TransactionConflict"}, {"Code": "None"}]
    with Stubber(client("dynamodb")) as dynamodb:
        dynamodb.add_client_error(
            "transact_write_items",
            "TransactionCanceledException",
            modeled_fields={"CancellationReasons": reasons},
        )

        with pytest.raises(ContendedError):
            DynamoTable("t").transact([Save(Record("p", "s")), Save(Record("p", "t"))], "tx_1")
