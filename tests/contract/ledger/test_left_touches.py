"""Claims with the touches that they take of caps, on the table in memory and on DynamoDB alike."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from moto import mock_aws

from functions.action.cap_room import LeftTouch, LeftTouches
from functions.action.left_touches import LeftRecords, place_of
from functions.action.repository import Deliveries
from mos.aws.clients import client
from mos.errors import ConflictError
from mos.memory.table import FakeTable
from mos.model.delivery import Delivery, DeliveryStatus
from mos.ports import Record, Table
from tests.builders import NOON
from tests.contract.table.test_table import ENV
from tests.dynamo import new_table

WHOM = ("per_1", "grp_1", "acc_1", "grp_only_read")


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


def claimed(name: str) -> Delivery:
    return Delivery(
        action_id=name, decision_id="dec_1", group_id="grp_1", person_id="per_1", action="a",
        treatment="t", channel="email", status=DeliveryStatus.CLAIMED, reason="claimed", at=NOON,
    )  # fmt: skip


def claim(table: Table, name: str, records: LeftRecords) -> int:
    touch = LeftTouch(touch_id=name, at=(NOON,), channel="email")
    return Deliveries(table).save(claimed(name), 0, records.save_all(touch, WHOM[:3], NOON))


def test_a_claim_and_its_touch_are_stored_together_or_not_at_all(table: Table) -> None:
    first, late = (LeftRecords.read(table, WHOM) for _ in range(2))

    assert claim(table, "act_1", first) == 1
    with pytest.raises(ConflictError):
        claim(table, "act_2", late)

    assert Deliveries(table).find("act_2")[0] is None
    after = LeftRecords.read(table, WHOM)
    named = {who: [touch.touch_id for touch in after.list_of(who)] for who in WHOM}
    assert named == {who: ["act_1"] for who in WHOM[:3]} | {"grp_only_read": []}
    assert claim(table, "act_2", after) == 1


def test_who_only_read_a_record_is_met_by_who_writes_it(table: Table) -> None:
    first = LeftRecords.read(table, WHOM)
    other = LeftRecords.read(table, ("per_2", "grp_only_read"))

    claim(table, "act_1", first)

    touch = LeftTouch(touch_id="act_2", at=(NOON,), channel="email")
    with pytest.raises(ConflictError):
        Deliveries(table).save(claimed("act_2"), 0, other.save_all(touch, ["per_2"], NOON))


def test_a_company_of_thousands_never_outgrows_what_an_item_holds(table: Table) -> None:
    many = LeftTouches(
        touches=tuple(
            LeftTouch(touch_id=f"act_{n:032x}", at=(NOON - timedelta(seconds=n),), channel="email")
            for n in range(1, 3_000)
        )
    ).canonical()
    table.save(Record(*place_of("acc_1"), many))

    assert claim(table, "act_now", LeftRecords.read(table, WHOM)) == 1

    kept = LeftRecords.read(table, ["acc_1"]).list_of("acc_1")
    assert [one.touch_id for one in kept[-3:]] == [f"act_{2:032x}", f"act_{1:032x}", "act_now"]
    assert len(kept) == 501
