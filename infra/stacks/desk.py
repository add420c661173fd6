"""What operators may do beyond asking: see runs, and answer what waits for a person."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam

from infra.acknowledged import acknowledge_many
from infra.constructs.function import Function
from infra.constructs.next_best_action import NAME
from infra.names import named
from infra.settings import Settings
from infra.stacks.spine import Spine


def wire_desk(function: Function, spine: Spine, settings: Settings) -> None:
    """Give the operators' function the rights that nobody from the internet shall have."""
    _see_runs(function, spine, settings)
    _answer_approvals(function, spine)


def _see_runs(function: Function, spine: Spine, settings: Settings) -> None:
    machine = spine.workflow.machine
    function.tell(MOS_STATE_MACHINE=machine.state_machine_arn)
    executions = Stack.of(function).format_arn(
        service="states", resource="execution",
        resource_name=f"{named(settings, NAME)}:*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )  # fmt: skip
    acknowledge_many(function, executions, "runs are many; they are of this workflow")
    function.allow(
        iam.PolicyStatement(
            actions=["states:ListExecutions"], resources=[machine.state_machine_arn]
        ),
        iam.PolicyStatement(
            actions=["states:DescribeExecution", "states:GetExecutionHistory"],
            resources=[executions],
        ),
    )


def _answer_approvals(function: Function, spine: Spine) -> None:
    approvals = spine.queues["approvals"].queue
    function.tell(MOS_QUEUE_APPROVALS=approvals.queue_url)
    function.allow(
        iam.PolicyStatement(
            actions=["states:SendTaskFailure", "states:SendTaskSuccess"],
            resources=[spine.workflow.waits.state_machine_arn],
        ),
        iam.PolicyStatement(
            actions=["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"],
            resources=[approvals.queue_arn],
        ),
    )
