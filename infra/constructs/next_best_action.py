"""The workflow that turns a material change into one decision, and carries it out."""

from collections.abc import Mapping

from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.constructs.approval import handing_on, handing_over, name_delivery, waiting, waits_itself
from infra.constructs.function import Function
from infra.constructs.queue import Queue
from infra.constructs.states import approved_action, next_best_action, parking
from infra.constructs.workflow import Workflow
from infra.settings import Settings
from mos.path import WORKFLOW

NAME = "next-best-action"


class NextBestAction(Construct):
    """`standard` waits for approvals and times itself; `express` hands both to a standard one."""

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        functions: Mapping[str, Function],
        queues: Mapping[str, Queue],
        use_key: iam.PolicyStatement,
    ) -> None:
        super().__init__(scope, "NextBestAction")
        layers = [functions[hop.layer].called for hop in WORKFLOW]
        fill_in = {
            "approvals": queues["approvals"].queue.queue_url,
        } | {hop.layer: functions[hop.layer].called.function_arn for hop in WORKFLOW}
        rights = [
            iam.PolicyStatement(
                actions=["lambda:InvokeFunction"],
                resources=[function.function_arn for function in layers],
            ),
            queues["approvals"].sending(),
            use_key,
        ]
        if settings.workflow == "standard":
            main = Workflow(
                self, NAME, settings, waits_itself(WORKFLOW, settings.approval_hours),
                kind=sfn.StateMachineType.STANDARD, fill_in=fill_in, rights=rights,
            )  # fmt: skip
            self.waits, self.held = main.machine, main.called
        else:
            wait = waiting(round(settings.approval_hours * 3600), name_delivery(WORKFLOW))
            approval = Workflow(
                self, "approval", settings, approved_action(WORKFLOW, wait),
                kind=sfn.StateMachineType.STANDARD, fill_in=fill_in, rights=rights,
            )  # fmt: skip
            self.waits, self.held = approval.machine, approval.called
            main = Workflow(
                self, NAME, settings,
                parking(next_best_action(WORKFLOW, handing_over("Done"), handing_on("Done"))),
                kind=sfn.StateMachineType.EXPRESS,
                fill_in={
                    name: value for name, value in fill_in.items() if name != "approvals"
                }
                | {
                    "approval": self.held,
                    "parked": queues["parked"].queue.queue_url,
                },
                rights=[
                    *rights,
                    queues["parked"].sending(),
                    iam.PolicyStatement(
                        actions=["states:StartExecution"],
                        resources=[self.waits.state_machine_arn],
                    ),
                ],
            )  # fmt: skip
        self.machine, self.called = main.machine, main.called
        self.machines = tuple({id(m): m for m in (self.waits, self.machine)}.values())
        """Every machine that a run may be in, each once."""
