"""Count request units of real DynamoDB calls, by the arithmetic that AWS publishes.

A write costs one unit per kilobyte begun, twice that in a transaction, and also when its condition
fails. A consistent read costs one unit per four kilobytes begun, per item in a batch, and one where
nothing is found. Source: Amazon DynamoDB Developer Guide, "Read and write operations". The local
engine's own figures are not used: it rounds queries down.
"""

from collections import Counter, defaultdict
from typing import Any

_WRITE, _READ = 1024, 4096
_STRONG = 1.0

Item = dict[str, dict[str, Any]]


def size_of(item: Item) -> int:
    """Return an item's size in bytes: its attributes' names and values."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(value: dict[str, Any]) -> int:
    [(kind, held)] = value.items()
    if kind == "N":
        return len(str(held).lstrip("-").replace(".", "")) // 2 + 2
    if kind == "B":
        return len(held)
    return len(str(held).encode())


def write_units(size: int) -> float:
    """Return the units of one write."""
    return float(-(-size // _WRITE))


def read_units(size: int) -> float:
    """Return the units of one consistent read; nothing found costs one."""
    return max(1.0, float(-(-size // _READ)))


class Meter:
    """Listens to a DynamoDB client and adds up what its calls cost, by call and by what they touch.

    `spent` is keyed by (read or write, call, table and kind of item). Calls that cost no units are
    `ignored`.
    """

    def __init__(self) -> None:
        self.spent: defaultdict[tuple[str, str, str], float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self.ignored: set[str] = set()

    def listen(self, client: Any) -> None:  # noqa: ANN401  boto3 has no static types
        """Hear every call of this client from now on."""
        client.meta.events.register("before-parameter-build.dynamodb", self._asked)
        client.meta.events.register("after-call.dynamodb", self._answered)

    def _asked(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:  # noqa: ANN401  botocore's own
        context["asked"] = params

    def _answered(
        self,
        parsed: dict[str, Any],
        model: Any,  # noqa: ANN401  botocore's own
        context: dict[str, Any],
        **_: Any,  # noqa: ANN401  botocore's own
    ) -> None:
        asked, call = context["asked"], str(model.name)
        if call in self.ignored:
            return
        self.calls[call] += 1
        count = getattr(self, f"_{call}", None)
        if count is None:
            raise NotImplementedError(f"{call} is not counted yet")
        count(call, asked, parsed)

    def _add(self, kind: str, call: str, what: str, units: float) -> None:
        self.spent[kind, call, what] += units

    def _PutItem(self, call: str, asked: dict[str, Any], _parsed: dict[str, Any]) -> None:  # noqa: N802  the call's name
        item = asked["Item"]
        what = _what(asked["TableName"], item)
        self._add("write", call, what, write_units(size_of(item)))

    def _TransactWriteItems(  # noqa: N802  the call's name
        self, call: str, asked: dict[str, Any], _parsed: dict[str, Any]
    ) -> None:
        for entry in asked["TransactItems"]:
            [(_, change)] = entry.items()
            item = change.get("Item") or change["Key"]
            units = 2 * write_units(size_of(item))
            self._add("write", call, _what(change["TableName"], item), units)

    def _UpdateItem(self, call: str, asked: dict[str, Any], _parsed: dict[str, Any]) -> None:  # noqa: N802  the call's name
        self._add("write", call, _what(asked["TableName"], asked["Key"]), 1.0)

    def _DeleteItem(self, call: str, asked: dict[str, Any], _parsed: dict[str, Any]) -> None:  # noqa: N802  the call's name
        self._add("write", call, _what(asked["TableName"], asked["Key"]), 1.0)

    def _GetItem(self, call: str, asked: dict[str, Any], parsed: dict[str, Any]) -> None:  # noqa: N802  the call's name
        found = size_of(parsed["Item"]) if "Item" in parsed else 0
        share = _STRONG if asked.get("ConsistentRead") else _STRONG / 2
        units = share * read_units(found)
        self._add("read", call, _what(asked["TableName"], asked["Key"]), units)

    def _BatchGetItem(self, call: str, asked: dict[str, Any], parsed: dict[str, Any]) -> None:  # noqa: N802  the call's name
        for table, request in asked["RequestItems"].items():
            found = {
                (i["pk"]["S"], i["sk"]["S"]): size_of(i)
                for i in parsed.get("Responses", {}).get(table, ())
            }
            share = _STRONG if request.get("ConsistentRead") else _STRONG / 2
            for key in request["Keys"]:
                size = found.get((key["pk"]["S"], key["sk"]["S"]), 0)
                self._add("read", call, _what(table, key), share * read_units(size))

    def _Query(self, call: str, asked: dict[str, Any], parsed: dict[str, Any]) -> None:  # noqa: N802  the call's name
        size = sum(map(size_of, parsed.get("Items", ())))
        values = asked["ExpressionAttributeValues"]
        key = {"pk": values[":pk"], "sk": values.get(":sk", {"S": ""})}
        share = _STRONG if asked.get("ConsistentRead") else _STRONG / 2
        self._add("read", call, _what(asked["TableName"], key), share * read_units(size))


def _what(table: str, item: Item) -> str:
    """Return which table and kind of item a call touched: `identity OWNER`."""
    name = table.rpartition("-")[2] or table
    pk, sk = item["pk"]["S"], item.get("sk", {}).get("S", "")
    if name == "signals":
        return "signals log"
    kind = sk.partition("#")[0] or pk.partition("#")[0]
    return f"{name} {kind if kind.isupper() else pk.partition('#')[0]}"
