"""What a table in memory counts is what its calls to DynamoDB are counted as."""

from collections.abc import Callable, Iterator

import pytest
from moto import mock_aws

from lab.bench.metered import MeteredTable
from lab.bench.units import Meter
from mos.aws.clients import client
from mos.ports import Count, Record, Save, Table
from tests.contract.table.test_table import ENV
from tests.dynamo import new_table

LARGE = "".join(f"{n:x}" for n in range(2_000))
CALLS: dict[str, Callable[[Table], object]] = {
    "get": lambda t: t.get("p", "s1"),
    "get nothing": lambda t: t.get("p", "s9", consistent=False),
    "get many": lambda t: t.get_many([("p", "s1"), ("p", "s9"), ("p", "s1")], consistent=False),
    "query": lambda t: t.query("p", prefix="s"),
    "query some": lambda t: t.query("p", newest_first=True, limit=2),
    "between": lambda t: t.between("p", "s1", "s2"),
    "put new": lambda t: t.put_new(Record("p", "s8", "small")),
    "put a known one": lambda t: t.put_new(Record("p", "s1", LARGE)),
    "save": lambda t: t.save(Record("p", "s1", LARGE, 1)),
    "count": lambda t: t.count(Count("p", "n", "used")),
    "delete": lambda t: t.delete("p", "s1"),
    "remove": lambda t: t.remove(Record("p", "s2", version=1)),
    "transact": lambda t: t.transact([Save(Record("p", "s7", LARGE)), Count("p", "n", "u")], "x"),
}


@pytest.fixture(scope="module")
def meter() -> Iterator[Meter]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name, value in ENV.items():
            patch.setenv(name, value)
        client.cache_clear()
        new_table()
        found = Meter()
        found.listen(client("dynamodb"))
        yield found
        client.cache_clear()


@pytest.mark.integration
@pytest.mark.parametrize("call", sorted(CALLS))
def test_a_call_costs_the_same_in_memory_as_in_dynamodb(call: str, meter: Meter) -> None:
    meter.ignored = {"CreateTable"}
    memory, real = MeteredTable(), new_table()
    for table in (memory, real):
        for n in range(4):
            table.put_new(Record("p", f"s{n}", LARGE[: 1_500 * n]))
    memory.take()
    meter.spent.clear()

    for table in (memory, real):
        CALLS[call](table)

    spent = [sum(units for (k, _, _), units in meter.spent.items() if k == kind)
             for kind in ("read", "write")]  # fmt: skip
    assert memory.take() == tuple(spent)
