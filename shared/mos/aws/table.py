"""A DynamoDB table: one item per record, optimistic locking on `version`."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from mos.aws.clients import client, setting
from mos.aws.item import put_of, to_record, update_of
from mos.aws.usage import note
from mos.errors import ConflictError, ContendedError, LimitReachedError, UnavailableError
from mos.model.base import derive_id
from mos.ports import Count, Record, Save

_BATCH = 100
_TRANSACTION = 100


class DynamoTable:
    """The `Table` port on DynamoDB."""

    def __init__(self, name: str) -> None:
        self.name = name

    def _call(self, operation: str, **request: Any) -> Any:  # noqa: ANN401  boto3's own shapes
        reply = getattr(client("dynamodb"), operation)(ReturnConsumedCapacity="TOTAL", **request)
        note(operation, reply)
        return reply

    def get(self, pk: str, sk: str, *, consistent: bool = True) -> Record | None:
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        reply = self._call("get_item", TableName=self.name, Key=key, ConsistentRead=consistent)
        return to_record(reply["Item"]) if "Item" in reply else None

    def get_many(
        self, keys: Sequence[tuple[str, str]], *, consistent: bool = True
    ) -> dict[tuple[str, str], Record]:
        found: dict[tuple[str, str], Record] = {}
        wanted = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in dict.fromkeys(keys)]
        for start in range(0, len(wanted), _BATCH):
            request = {
                self.name: {"Keys": wanted[start : start + _BATCH], "ConsistentRead": consistent}
            }
            for _ in range(8):
                reply = self._call("batch_get_item", RequestItems=request)
                for item in reply["Responses"].get(self.name, ()):
                    record = to_record(item)
                    found[record.pk, record.sk] = record
                request = reply.get("UnprocessedKeys") or {}
                if not request:
                    break
            else:
                raise UnavailableError(self.name, "keys stayed unprocessed")
        return found

    def query(
        self, pk: str, *, prefix: str = "", newest_first: bool = False, limit: int | None = None
    ) -> list[Record]:
        condition, values = "pk = :pk", {":pk": {"S": pk}}
        if prefix:
            condition += " AND begins_with(sk, :sk)"
            values[":sk"] = {"S": prefix}
        request: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": not newest_first,
            "ConsistentRead": True,
        }
        return list(self._pages("query", request, limit))

    def between(self, pk: str, first: str, last: str) -> list[Record]:
        values = {":pk": {"S": pk}, ":last": {"S": last}}
        asked = "pk = :pk AND sk <= :last"
        # DynamoDB refuses an empty text as a key; without a first one it is from the beginning.
        if first:
            asked = "pk = :pk AND sk BETWEEN :first AND :last"
            values[":first"] = {"S": first}
        request = {
            "TableName": self.name,
            "KeyConditionExpression": asked,
            "ExpressionAttributeValues": values,
            "ConsistentRead": True,
        }
        return list(self._pages("query", request, None))

    def delete(self, pk: str, sk: str) -> None:
        self._call("delete_item", TableName=self.name, Key={"pk": {"S": pk}, "sk": {"S": sk}})

    def remove(self, record: Record) -> bool:
        request: dict[str, Any] = {
            "TableName": self.name,
            "Key": {"pk": {"S": record.pk}, "sk": {"S": record.sk}},
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": {":read": {"N": str(record.version)}},
        }
        try:
            self._call("delete_item", **request)
        except ClientError as error:
            if _code(error) == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def page(self, after: str, most: int) -> tuple[list[Record], str]:
        request: dict[str, Any] = {"TableName": self.name, "Limit": most}
        if after:
            pk, sk = json.loads(after)
            request["ExclusiveStartKey"] = {"pk": {"S": pk}, "sk": {"S": sk}}
        reply = self._call("scan", **request)
        last = reply.get("LastEvaluatedKey")
        place = json.dumps([last["pk"]["S"], last["sk"]["S"]]) if last else ""
        return [to_record(item) for item in reply["Items"]], place

    def scan(self, *, limit: int | None = None) -> Iterable[Record]:
        return self._pages("scan", {"TableName": self.name}, limit)

    def _pages(
        self, operation: str, request: dict[str, Any], limit: int | None
    ) -> Iterable[Record]:
        left = limit
        while True:
            page = request if left is None else request | {"Limit": left}
            reply = self._call(operation, **page)
            yield from map(to_record, reply["Items"])
            left = None if left is None else left - len(reply["Items"])
            if "LastEvaluatedKey" not in reply or left == 0:
                return
            request = request | {"ExclusiveStartKey": reply["LastEvaluatedKey"]}

    def save(self, record: Record) -> Record:
        try:
            self._call("put_item", TableName=self.name, **put_of(record))
        except ClientError as error:
            if _code(error) == "ConditionalCheckFailedException":
                raise ConflictError(f"{self.name}/{record.pk}/{record.sk}") from error
            raise
        return _next(record)

    def put_new(self, record: Record) -> bool:
        try:
            self.save(replace(record, version=0))
        except ConflictError:
            return False
        return True

    def count(self, change: Count) -> float:
        try:
            reply = self._call(
                "update_item", TableName=self.name, ReturnValues="UPDATED_NEW", **update_of(change)
            )
        except ClientError as error:
            if _code(error) == "ConditionalCheckFailedException":
                raise LimitReachedError(f"{change.pk}/{change.sk}") from error
            raise
        return float(reply["Attributes"][change.number]["N"])

    def transact(self, changes: Sequence[Save | Count], token: str) -> None:
        if len(changes) > _TRANSACTION:
            raise ValueError(f"a transaction holds {_TRANSACTION} changes, not {len(changes)}")
        items = [
            {"Put": {"TableName": self.name, **put_of(change.record)}}
            if isinstance(change, Save)
            else {"Update": {"TableName": self.name, **update_of(change)}}
            for change in changes
        ]
        try:
            # The payload is part of the token: thinking again makes another transaction.
            once = derive_id("tx", self.name, token, repr(changes))
            self._call("transact_write_items", TransactItems=items, ClientRequestToken=once)
        except ClientError as error:
            _explain(error, self.name, changes)
            raise


def _explain(error: ClientError, table: str, changes: Sequence[Save | Count]) -> None:
    """Raise our own error for a cancelled transaction; return where it was something else."""
    reasons = error.response.get("CancellationReasons", ())
    for change, reason in zip(changes, reasons, strict=False):
        if reason.get("Code") == "TransactionConflict":
            raise ContendedError(table) from error
        if reason.get("Code") != "ConditionalCheckFailed":
            continue
        if isinstance(change, Save):
            raise ConflictError(f"{table}/{change.record.pk}/{change.record.sk}") from error
        raise LimitReachedError(f"{change.pk}/{change.sk}") from error


def _next(record: Record) -> Record:
    return Record(
        record.pk, record.sk, record.body, record.version + 1,
        record.expires_at, record.numbers, record.tags,
    )  # fmt: skip


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@cache
def table(name: str) -> DynamoTable:
    """Return the table that the deployment calls `name`, such as `identity`."""
    return DynamoTable(setting(f"TABLE_{name.upper()}"))
