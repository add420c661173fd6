"""The event bus, its archive and the rules on it."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
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

    def every(self, span: Duration, target: events.IRuleTarget) -> events.Rule:
        """Return the rule that wakes a target again and again; it lives on the default bus."""
        return events.Rule(
            self, "Watch",
            description="looks after the canary",
            schedule=events.Schedule.rate(span),
            targets=[target],
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


def to_function(function: Function, undelivered: Queue) -> events.IRuleTarget:
    """Return the target that invokes a function, and keeps what could not be delivered."""
    return targets.LambdaFunction(
        function.function,
        dead_letter_queue=undelivered.queue,
        retry_attempts=185,
        max_event_age=Duration.hours(24),
    )
