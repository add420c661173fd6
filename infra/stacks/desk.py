"""What operators may do beyond asking: answer what waits for a person, redrive what is parked."""

from aws_cdk import aws_iam as iam

from infra.constructs.function import Function
from infra.constructs.lane import Lane, read_queue
from infra.settings import Settings
from infra.stacks.memory import Memory
from infra.stacks.spine import Spine
from infra.stacks.wiring import wire_queue


def wire_desk(function: Function, spine: Spine, memory: Memory, settings: Settings) -> None:
    """Give the operators' function the rights that nobody from the internet shall have."""
    _answer_approvals(function, spine, settings)
    _redrive_parked(function, spine, memory)


def _answer_approvals(function: Function, spine: Spine, settings: Settings) -> None:
    """Have what waits for a person come to the desk, whose answer lets a run go on."""
    function.tell(MOS_APPROVAL_HOURS=str(settings.approval_hours))
    # One by one: a message that cannot be read takes no other with it.
    read_queue(function, spine.queues["approvals"], settings, Lane(1, small=True))
    function.allow(
        iam.PolicyStatement(
            actions=["states:SendTaskSuccess"],
            resources=[spine.workflow.waits.state_machine_arn],
        )
    )


def _redrive_parked(function: Function, spine: Spine, memory: Memory) -> None:
    """Let the desk look through what is parked, and send it to where it came from."""
    parked = spine.queues["parked"].queue
    function.tell(MOS_QUEUE_PARKED=parked.queue_url)
    function.allow(
        iam.PolicyStatement(
            actions=["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"],
            resources=[parked.queue_arn],
        )
    )
    wire_queue(function, spine.queues["signals"], memory)
    function.tell(MOS_STATE_MACHINE=spine.workflow.called)
    function.allow(
        iam.PolicyStatement(
            actions=["states:StartExecution"],
            resources=[machine.state_machine_arn for machine in spine.workflow.machines],
        )
    )
