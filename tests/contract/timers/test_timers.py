"""What timers promise, kept by the ones in memory and by EventBridge Scheduler alike."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from mos.aws.clients import client
from mos.aws.timers import EventBridgeTimers
from mos.errors import UnavailableError
from mos.memory.timers import FakeTimers
from mos.ports import Timer, Timers
from tests.contract.table.test_table import ENV

GROUP, QUEUE = "mos-test-timers", "arn:aws:sqs:eu-central-1:123456789012:signals"
DEAD, ROLE = f"{QUEUE}-dead", "arn:aws:iam::123456789012:role/timers"
LATER = datetime(2099, 3, 1, 9, 30, 15, 250_000, tzinfo=UTC)


@pytest.fixture
def aws() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name, value in ENV.items():
            patch.setenv(name, value)
        client.cache_clear()
        client("scheduler").create_schedule_group(Name=GROUP)
        yield
        client.cache_clear()


@pytest.fixture(params=["memory", pytest.param("scheduler", marks=pytest.mark.integration)])
def timers(request: pytest.FixtureRequest) -> Timers:
    if request.param == "memory":
        return FakeTimers()
    request.getfixturevalue("aws")
    return EventBridgeTimers(GROUP, ROLE, QUEUE, DEAD)


def running(timers: Timers) -> list[str]:
    if isinstance(timers, FakeTimers):
        return sorted(timers.running)
    found = client("scheduler").list_schedules(GroupName=GROUP)["Schedules"]
    return sorted(schedule["Name"] for schedule in found)


def test_a_timer_that_is_started_twice_runs_once(timers: Timers) -> None:
    one, two = Timer("tmr_1", LATER, "{}"), Timer("tmr_2", LATER, "{}")

    timers.start([one, two])
    timers.start([one])

    assert running(timers) == ["tmr_1", "tmr_2"]


def test_nothing_to_start_starts_nothing(timers: Timers) -> None:
    timers.start([])

    assert running(timers) == []


@pytest.mark.integration
def test_a_schedule_is_for_one_moment_and_deletes_itself(aws: None) -> None:
    EventBridgeTimers(GROUP, ROLE, QUEUE, DEAD).start([Timer("tmr_1", LATER, '{"a":1}')])

    made: dict[str, Any] = client("scheduler").get_schedule(Name="tmr_1", GroupName=GROUP)
    assert made["ScheduleExpression"] == "at(2099-03-01T09:30:16)"
    assert made["ScheduleExpressionTimezone"] == "UTC"
    assert made["ActionAfterCompletion"] == "DELETE"
    assert made["FlexibleTimeWindow"] == {"Mode": "OFF"}
    target = made["Target"]
    assert (target["Arn"], target["RoleArn"], target["Input"]) == (QUEUE, ROLE, '{"a":1}')
    assert target["DeadLetterConfig"] == {"Arn": DEAD}


@pytest.mark.integration
def test_a_moment_that_has_passed_is_the_next_minute(aws: None) -> None:
    began = datetime.now(UTC)

    EventBridgeTimers(GROUP, ROLE, QUEUE, DEAD).start(
        [Timer("tmr_1", began - timedelta(days=1), "{}")]
    )

    ended = datetime.now(UTC)
    said = client("scheduler").get_schedule(Name="tmr_1", GroupName=GROUP)["ScheduleExpression"]
    at = datetime.fromisoformat(said[3:-1]).replace(tzinfo=UTC)
    assert timedelta(seconds=59) < at - began
    assert at - ended < timedelta(seconds=90)


@pytest.mark.integration
@pytest.mark.parametrize(
    ("code", "error"),
    [("ThrottlingException", UnavailableError), ("ValidationException", ClientError)],
)
def test_what_passes_is_tried_again_and_what_is_wrong_is_not(
    aws: None, code: str, error: type[Exception]
) -> None:
    timers = EventBridgeTimers(GROUP, ROLE, QUEUE, DEAD)
    with Stubber(client("scheduler")) as stub:
        stub.add_client_error("create_schedule", code)

        with pytest.raises(error):
            timers.start([Timer("tmr_1", LATER, "{}")])
