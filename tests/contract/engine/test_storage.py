"""What we rely on when ministack stores: conditions hold under races."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.contract.engine.conftest import Probe

_KEY = {"pk": {"S": "one"}, "sk": {"S": "one"}}


@pytest.fixture(scope="module")
def table(probe: Probe) -> str:
    probe.dynamodb.create_table(
        TableName="race", BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
    )  # fmt: skip
    return "race"


def _put_if_absent(probe: Probe, table: str, who: int) -> bool:
    try:
        probe.dynamodb.put_item(
            TableName=table, Item=_KEY | {"who": {"N": str(who)}},
            ConditionExpression="attribute_not_exists(pk)",
        )  # fmt: skip
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


def test_one_of_many_writers_wins(probe: Probe, table: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda who: _put_if_absent(probe, table, who), range(40)))

    assert won.count(True) == 1


def test_a_repeated_transaction_counts_once(probe: Probe, table: str) -> None:
    add = {
        "Update": {
            "TableName": table, "Key": {"pk": {"S": "count"}, "sk": {"S": "count"}},
            "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }  # fmt: skip

    for _ in range(3):
        probe.dynamodb.transact_write_items(TransactItems=[add], ClientRequestToken="same")

    item = probe.dynamodb.get_item(TableName=table, Key=add["Update"]["Key"])["Item"]
    assert item["n"] == {"N": "1"}


def test_an_object_is_written_once(probe: Probe) -> None:
    probe.s3.create_bucket(Bucket="once")

    def put(who: int) -> bool:
        try:
            probe.s3.put_object(Bucket="once", Key="k", Body=str(who), IfNoneMatch="*")
        except ClientError as error:
            if error.response["Error"]["Code"] != "PreconditionFailed":
                raise
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(put, range(24))).count(True) == 1
