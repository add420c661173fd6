"""What we rely on when ministack keeps schedules: they fire once, and IAM knows their group."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from mos.aws.clients import client
from mos.aws.timers import EventBridgeTimers
from mos.ports import Timer
from tests.contract.engine.conftest import Probe
from tests.waiting import until

ROLE = "arn:aws:iam::{}:role/timers"


def test_a_timer_fires_once_puts_its_body_on_the_queue_and_is_gone(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in probe.running.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # It remembers whose keys it saw first.
    client.cache_clear()
    url, queue = probe.queue("due")
    _, dead = probe.queue("due-dead")
    probe.scheduler.create_schedule_group(Name="timers")
    role = ROLE.format(probe.running.account)
    timers = EventBridgeTimers("timers", role, queue, dead, soonest=timedelta(seconds=1))
    timer = Timer("tmr_1", datetime.now(UTC), '{"due":1}')

    timers.start([timer, timer])
    timers.start([timer])
    found = until(lambda: probe.sqs.receive_message(QueueUrl=url).get("Messages"))

    assert [message["Body"] for message in found] == ['{"due":1}']
    assert until(lambda: not probe.scheduler.list_schedules(GroupName="timers")["Schedules"])
    client.cache_clear()


def test_a_function_may_start_timers_in_its_own_group_only(probe: Probe) -> None:
    for name in ("own", "other"):
        probe.scheduler.create_schedule_group(Name=name)
    _, queue = probe.queue("schedules")
    own = f"arn:aws:scheduler:us-east-1:{probe.running.account}:schedule/own/*"
    may = {"Effect": "Allow", "Action": "scheduler:CreateSchedule", "Resource": own}
    probe.function("schedules", probe.role("schedules", may), "schedules")
    asked = {"queue": queue, "role": ROLE.format(probe.running.account)}

    allowed = probe.call("schedules", asked | {"group": "own"})
    failed, said = probe.call("schedules", asked | {"group": "other"})

    assert allowed == (False, {"scheduled": True})
    assert failed
    assert "AccessDenied" in str(said)
