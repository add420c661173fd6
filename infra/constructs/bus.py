"""The event bus, its archive and the rules on it."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.constructs.function import Function
from infra.constructs.queue import Queue
from infra.names import named
from infra.settings import Settings
from mos.events import Event

SOURCE = "mos"
PATIENCE = {"retry_attempts": 185, "max_event_age": Duration.hours(24)}


class Bus(Construct):
    """The bus on which the data layer tells of material changes."""

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "Events")
        self.bus = events.EventBus(self, "Bus", event_bus_name=named(settings, "bus"))
        if settings.target == "lambda":
            # The local engine has archives in its API, but not in its CloudFormation.
            self.bus.archive(
                "Archive",
                archive_name=named(settings, "archive"),
                event_pattern=events.EventPattern(source=[SOURCE]),
                retention=Duration.days(settings.archive_days),
            )

    def publishing(self) -> iam.PolicyStatement:
        """Return the right to publish, and no other."""
        return iam.PolicyStatement(actions=["events:PutEvents"], resources=[self.bus.event_bus_arn])

    def every(self, name: str, span: Duration, target: events.IRuleTarget, why: str) -> events.Rule:
        """Return the rule that wakes a target again and again; it lives on the default bus."""
        return events.Rule(
            self, name,
            description=why,
            schedule=events.Schedule.rate(span),
            targets=[target],
        )  # fmt: skip

    def park_failed(
        self, machines: Sequence[sfn.IStateMachine], parked: Queue, undelivered: Queue
    ) -> events.Rule:
        """Return the rule that parks runs that ended badly, with what they began with.

        AWS tells of standard workflows alone, on the default bus.
        """
        return events.Rule(
            self, "Failed",
            description="runs that failed, timed out or were stopped → parked",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={
                    "status": ["FAILED", "TIMED_OUT", "ABORTED"],
                    "stateMachineArn": [machine.state_machine_arn for machine in machines],
                },
            ),
            targets=[
                targets.SqsQueue(
                    parked.queue, dead_letter_queue=undelivered.queue,
                    retry_attempts=185, max_event_age=Duration.hours(24),
                )
            ],
        )  # fmt: skip

    def rule(self, name: str, kind: type[Event], target: events.IRuleTarget) -> events.Rule:
        """Return the rule that brings events of one kind to a target."""
        return events.Rule(
            self, name,
            event_bus=self.bus,
            description=f"{kind.detail_type} → {name}",
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=[kind.detail_type]),
            targets=[target],
        )  # fmt: skip


def to_queue(queue: Queue, undelivered: Queue) -> events.IRuleTarget:
    """Return the target that puts an event on a queue: the event itself, without its envelope."""
    return targets.SqsQueue(
        queue.queue,
        message=events.RuleTargetInput.from_event_path("$.detail"),
        dead_letter_queue=undelivered.queue,
        retry_attempts=185,
        max_event_age=Duration.hours(24),
    )


def tick(queue: Queue, undelivered: Queue) -> events.IRuleTarget:
    """Return the target that puts a tick of the clock on a queue, as EventBridge says it."""
    return targets.SqsQueue(
        queue.queue,
        dead_letter_queue=undelivered.queue,
        retry_attempts=185,
        max_event_age=Duration.hours(24),
    )


def to_function(function: Function, undelivered: Queue) -> events.IRuleTarget:
    """Return the target that invokes a function, and keeps what could not be delivered."""
    return targets.LambdaFunction(
        function.called,
        dead_letter_queue=undelivered.queue,
        retry_attempts=185,
        max_event_age=Duration.hours(24),
    )
