"""The group of one-time schedules, and the role by which they put signals on the queue."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.acknowledged import acknowledge_many
from infra.constructs.function import Function
from infra.constructs.queue import Queue
from infra.names import named
from infra.settings import Settings

_SERVICE = "scheduler.amazonaws.com"


class Timers(Construct):
    """A schedule group of our own. A schedule may do one thing: send to `queue`, or to `dead`."""

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        queue: Queue,
        dead: Queue,
        use_key: iam.PolicyStatement,
    ) -> None:
        super().__init__(scope, "Timers")
        self._queue, self._dead = queue, dead
        self.role = iam.Role(
            self, "Role",
            assumed_by=iam.ServicePrincipal(
                _SERVICE, conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
            ),
            description="One-time schedules: put a due signal on the queue",
        )  # fmt: skip
        for statement in (queue.sending(), dead.sending(), use_key):
            self.role.add_to_principal_policy(statement)
        self.group = scheduler.CfnScheduleGroup(self, "Group", name=named(settings, "timers"))
        self._name = named(settings, "timers")

    def let(self, function: Function) -> None:
        """Let a function start timers: in this group only, and with this role only."""
        function.tell(
            MOS_TIMERS_GROUP=self.group.ref,
            MOS_TIMERS_ROLE=self.role.role_arn,
            MOS_TIMERS_QUEUE=self._queue.queue.queue_arn,
            MOS_TIMERS_DEAD=self._dead.queue.queue_arn,
        )
        schedules = Stack.of(self).format_arn(
            service="scheduler", resource="schedule", resource_name=f"{self._name}/*"
        )
        acknowledge_many(function, schedules, "a timer is named by its cause; the group is ours")
        function.allow(
            iam.PolicyStatement(actions=["scheduler:CreateSchedule"], resources=[schedules]),
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=[self.role.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": _SERVICE}},
            ),
        )
