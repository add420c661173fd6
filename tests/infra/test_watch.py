"""Nothing is lost in silence."""

from tests.infra.template import Templates, waking


def _alarmed(templates: Templates) -> set[str]:
    return {
        templates.name(alarm.stack, dimension["Value"]).rpartition(":")[2]
        for alarm in templates.of("AWS::CloudWatch::Alarm")
        if alarm.properties.get("MetricName") == "ApproximateNumberOfMessagesVisible"
        for dimension in alarm.properties["Dimensions"]
    }


def test_every_asynchronous_target_has_a_queue_for_what_failed_and_an_alarm(
    templates: Templates,
) -> None:
    kept = set()
    for rule in templates.of("AWS::Events::Rule"):
        for target in rule.properties["Targets"]:
            arn = target["DeadLetterConfig"]["Arn"]
            kept.add(templates.name(rule.stack, arn))
    for config in templates.of("AWS::Lambda::EventInvokeConfig"):
        arn = config.properties["DestinationConfig"]["OnFailure"]["Destination"]
        kept.add(templates.name(config.stack, arn))
    for schedule in templates.of("AWS::Scheduler::Schedule"):
        arn = schedule.properties["Target"]["DeadLetterConfig"]["Arn"]
        kept.add(templates.name(schedule.stack, arn))

    assert {name.rpartition(":")[2] for name in kept} <= _alarmed(templates)


def test_what_is_invoked_without_waiting_keeps_its_failures(templates: Templates) -> None:
    kept = {
        templates.name(c.stack, c.properties["FunctionName"])
        for c in templates.of("AWS::Lambda::EventInvokeConfig")
    }

    assert {"lambda:llm", "lambda:learning", "lambda:lifecycle", "lambda:webhook"} <= kept


def test_dead_and_parked_messages_raise_an_alarm(templates: Templates) -> None:
    assert {"signals-dead", "parked", "undelivered", "undelivered-mail"} <= _alarmed(templates)


def test_a_signal_that_gets_lost_within_a_batch_wakes_somebody(templates: Templates) -> None:
    watched = {
        (a.properties.get("MetricName"), d["Value"])
        for a in templates.of("AWS::CloudWatch::Alarm")
        for d in a.properties.get("Dimensions", ())
        if d["Name"] == "service"
    }

    assert ("unaccounted", "data") in watched


def test_a_canary_that_nobody_looks_after_wakes_somebody_who_knows_what_to_call(
    templates: Templates,
) -> None:
    said = {
        a.properties["MetricName"]: a.properties["AlarmDescription"]
        for a in templates.of("AWS::CloudWatch::Alarm")
        if "MetricName" in a.properties
    }

    assert "`mos policy canary status`" in said["canary_unwatched"]
    assert "`mos policy history`" in said["bundle_fallback"]


def test_a_channel_that_has_paused_itself_wakes_somebody_who_knows_what_to_call(
    templates: Templates,
) -> None:
    said = {
        a.properties["MetricName"]: a.properties["AlarmDescription"]
        for a in templates.of("AWS::CloudWatch::Alarm")
        if "MetricName" in a.properties
    }

    for command in ("mos switches", "mos outbox", "mos stop", "mos go", "mos provider check"):
        assert command in said["channels_paused"]
    assert "contact/deliverability" in said["deliverability_warned"]


def test_a_decision_that_waits_too_long_wakes_somebody_who_knows_what_to_call(
    templates: Templates,
) -> None:
    said = {
        a.properties["MetricName"]: a.properties["AlarmDescription"]
        for a in templates.of("AWS::CloudWatch::Alarm")
        if "MetricName" in a.properties
    }

    assert "`mos approvals list`" in said["approvals_late"]


def test_receipts_that_do_not_come_or_come_unasked_wake_somebody_who_knows_what_to_call(
    templates: Templates,
) -> None:
    said = {
        a.properties["MetricName"]: a.properties["AlarmDescription"]
        for a in templates.of("AWS::CloudWatch::Alarm")
        if a.properties.get("MetricName", "").startswith("receipts_")
    }

    assert set(said) == {"receipts_missing", "receipts_stray"}
    assert all("mos outbox" in why for why in said.values())


def test_every_alarm_wakes_somebody(templates: Templates) -> None:
    for alarm in waking(templates):
        assert alarm.properties["AlarmActions"], alarm.id
        assert alarm.properties["TreatMissingData"] == "notBreaching"


def test_every_state_machine_that_fails_or_hangs_wakes_somebody(templates: Templates) -> None:
    machines = {
        templates.name(m.stack, {"Ref": m.id})
        for m in templates.of("AWS::StepFunctions::StateMachine")
    }
    watched: dict[str, set[str]] = {}
    for alarm in templates.of("AWS::CloudWatch::Alarm"):
        for dimension in alarm.properties.get("Dimensions", ()):
            if dimension["Name"] == "StateMachineArn":
                name = templates.name(alarm.stack, dimension["Value"])
                watched.setdefault(name, set()).add(alarm.properties["MetricName"])

    assert len(machines) > 1
    assert set(watched) == machines
    assert all({"ExecutionsFailed", "ExecutionsTimedOut"} <= seen for seen in watched.values())
