"""The recurring look for what has become due."""

import json

from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.constructs.function import Function
from infra.constructs.queue import Queue
from infra.names import named
from infra.settings import Settings


class Sweep(Construct):
    """A schedule that invokes a function with `{"timer": "sweep"}`."""

    def __init__(
        self, scope: Construct, settings: Settings, function: Function, undelivered: Queue
    ) -> None:
        super().__init__(scope, "Sweep")
        role = iam.Role(
            self, "Role",
            assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com"),
            description="The sweep's schedule",
        )  # fmt: skip
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["lambda:InvokeFunction"], resources=[function.function.function_arn]
            )
        )
        role.add_to_principal_policy(undelivered.sending())
        group = scheduler.CfnScheduleGroup(self, "Group", name=named(settings, "timers"))
        scheduler.CfnSchedule(
            self, "Schedule",
            name=named(settings, "sweep"),
            group_name=group.ref,
            schedule_expression=f"rate({settings.sweep_minutes} minutes)",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(
                mode="FLEXIBLE", maximum_window_in_minutes=5
            ),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=function.function.function_arn,
                role_arn=role.role_arn,
                input=json.dumps({"timer": "sweep"}),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                    arn=undelivered.queue.queue_arn
                ),
            ),
        )  # fmt: skip
