"""Cases 03 and 05: empty maps as arrays, and times as libraries and hands write them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.webhook.clock import moment
from mos.errors import MalformedError, RejectedError
from tests.cases.doors import one, say, translate

MORNING = datetime(2023, 2, 10, 10, 11, 12, tzinfo=UTC)
CALL = {"type": "track", "event": "x", "messageId": "p", "userId": "u"}


@pytest.mark.parametrize(
    "said",
    [
        {"properties": []},
        {"traits": [], "type": "identify"},
        {"context": []},
        {"context": {"traits": []}},
        {"integrations": []},
        {"context": {"consent": []}},
        {"context": {"consent": {"categoryPreferences": []}}},
        {"type": "identify", "traits": {"company": [], "address": []}},
        {"context": {"externalIds": {}}},
        {"type": "group", "groupId": "g", "traits": []},
    ],
)
def test_case_03_an_empty_array_where_an_object_belongs_is_an_empty_object(said: Any) -> None:
    signal = one("segment", CALL | said)

    assert (signal.identifiers[0].key, signal.consent) == ("user_id:u", ())


def test_case_03_the_other_doors_read_it_so_too() -> None:
    assert say("lead.submitted", email="a@b.example", properties=[], consent=[]).consent == ()
    assert one("calendly", {"event": "invitee.created", "payload": {"uri": "i/1",
               "questions_and_answers": {}}}).name == "invitee.created"  # fmt: skip
    assert (
        one("google-ads", {"google_key": "k", "lead_id": "1", "user_column_data": {}}).traits == {}
    )


@pytest.mark.parametrize("said", [{"properties": [1]}, {"traits": "none"}, {"context": 3}])
def test_case_03_anything_else_there_is_still_refused(said: Any) -> None:
    with pytest.raises(RejectedError):
        one("segment", CALL | said)


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("2023-02-10T10:11:12.123+0000", MORNING + timedelta(milliseconds=123)),
        ("2023-02-10T10:11:12.123456789Z", MORNING + timedelta(microseconds=123456)),
        (1676023872, MORNING),
        (1676023872123, MORNING + timedelta(milliseconds=123)),
        ("1676023872", MORNING),
        ("1676023872123", MORNING + timedelta(milliseconds=123)),
        ("1676023872.5", MORNING + timedelta(milliseconds=500)),
        (1676023872123456, MORNING + timedelta(microseconds=123456)),
        (1676023872123456789, MORNING + timedelta(microseconds=123456)),
        ("2023-02-10 10:11:12 UTC", MORNING),
        ("2023-02-10 11:11:12 +0100 CET", MORNING),
        ("2023/02/10 10:11:12", MORNING),
        ("20230210101112", MORNING),
        ("Fri, 10 Feb 2023 10:11:12 GMT", MORNING),
        ("Fri, 10 Feb 2023 05:11:12 EST", MORNING),
        ("Fri Feb 10 2023 11:11:12 GMT+0100 (CET)", MORNING),
        ("Fri Feb 10 2023 11:11:12 GMT+0100 (Mitteleuropäische Normalzeit)", MORNING),
        ("Fri Feb 10 10:11:12 2023", MORNING),
        ("2023-02-10T24:00:00Z", datetime(2023, 2, 11, tzinfo=UTC)),
        ("2023-02-09T23:59:60Z", datetime(2023, 2, 10, tzinfo=UTC)),
        ("20230210", datetime(2023, 2, 10, tzinfo=UTC)),
    ],
    ids=repr,
)
def test_case_05_what_is_clearly_a_time_is_read(stated: object, meant: datetime) -> None:
    assert one("segment", {**CALL, "timestamp": stated}).occurred_at == meant


@pytest.mark.parametrize(
    "stated",
    ["10/02/2023", "02/10/2023 10:11", "yesterday", "Friday", "Fri, 10 Feb 2023 10:11:12 CET", 0, 1,
     45000, "45000", "0", True, 1e300, "2023-02-10T24:30:00Z", "2023-13-01", [1676023872], "now"],
    ids=repr,
)  # fmt: skip
def test_case_05_what_could_be_several_or_none_is_refused_and_never_1970(stated: object) -> None:
    with pytest.raises(MalformedError):
        one("segment", {**CALL, "timestamp": stated})


@pytest.mark.parametrize("unit", [1, 1000])
def test_case_05_hubspots_seconds_are_seconds(unit: int) -> None:
    change = {"objectId": 1, "eventId": 1, "occurredAt": int(MORNING.timestamp()) * unit,
              "subscriptionType": "contact.creation"}  # fmt: skip

    assert one("hubspot", [change]).occurred_at == MORNING


def test_case_05_a_bad_time_in_a_batch_puts_its_own_element_aside_alone() -> None:
    found = translate("segment", [{**CALL, "timestamp": 12}, {**CALL, "messageId": "q"}])

    assert (len(found.signals), [r.reason for r in found.refused]) == (
        1, ["malformed: timestamp is not a time"],
    )  # fmt: skip


@given(
    at=st.datetimes(datetime(1974, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001  drawn without a zone
    write=st.sampled_from([
        lambda at: int(at.timestamp()),
        lambda at: str(int(at.timestamp())),
        lambda at: int(at.timestamp()) * 1000,
        lambda at: str(int(at.timestamp()) * 10**6),
        lambda at: int(at.timestamp()) * 10**9,
        lambda at: at.isoformat(),
        lambda at: at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        lambda at: at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        lambda at: at.strftime("%a %b %d %Y %H:%M:%S GMT+0000 (UTC)"),
        lambda at: at.strftime("%Y%m%d%H%M%S"),
    ]),
)  # fmt: skip
def test_case_05_every_way_of_writing_a_moment_means_that_moment(at: datetime, write: Any) -> None:
    meant = at.replace(microsecond=0, tzinfo=UTC)

    assert moment(write(meant), "timestamp") == meant


@given(st.one_of(st.text(max_size=60), st.integers(), st.floats(), st.booleans()))
def test_case_05_anything_else_is_none_refused_or_a_moment_of_this_world(value: Any) -> None:
    try:
        found = moment(value, "timestamp")
    except MalformedError:
        return

    assert found is None or found.tzinfo is UTC
