"""Tables for tests in whatever DynamoDB the environment names."""

from itertools import count

from mos.aws.clients import client
from mos.aws.table import DynamoTable

_NUMBERS = count()


def new_table(name: str = "table") -> DynamoTable:
    """Return a new table in DynamoDB, keyed as all of ours are."""
    keys, full = (("pk", "HASH"), ("sk", "RANGE")), f"{name}-{next(_NUMBERS)}"
    client("dynamodb").create_table(
        TableName=full,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": n, "KeyType": t} for n, t in keys],
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n, _ in keys],
    )
    return DynamoTable(full)
