"""Rehearsals in the cloud: the workflow that fans the simulation function out over an export."""

from aws_cdk import ArnFormat, Environment, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.acknowledged import acknowledge_many
from infra.constructs.rehearsal_states import FILES, rehearsal
from infra.constructs.workflow import Workflow
from infra.names import named
from infra.outputs import tell
from infra.settings import Settings
from infra.stacks.memory import Memory
from infra.stacks.simulation import Simulation
from infra.stacks.wiring import EXPORTS, REHEARSALS

_LEDGER = "decisions"
_NAME = "rehearsal"
# What AWS asks of whoever starts an export, which it writes in their name:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
_EXPORTS_TO = ("s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl")
_MAP_WRITES = (
    "s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject",
)  # fmt: skip


class Rehearsal(Stack):
    """It reads what the path has recorded; nothing on the path waits for it."""

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        memory: Memory,
        simulation: Simulation,
        *,
        where: Environment,
    ) -> None:
        super().__init__(scope, named(settings, _NAME), env=where)
        self._settings, self._memory = settings, memory
        self.function = simulation.function
        ledger = memory.tables[_LEDGER].table.table_arn
        self.workflow = Workflow(
            self, _NAME, settings, rehearsal(),
            kind=sfn.StateMachineType.STANDARD,
            # It starts its own children, and a rehearsal is made again.
            shifts=False,
            fill_in={
                "simulation": self.function.called.function_arn,
                "ledger": ledger,
                "archive": memory.archive.bucket.bucket_name,
                "key": memory.data_key.key.key_arn,
            },
            rights=[
                iam.PolicyStatement(
                    actions=["lambda:InvokeFunction"],
                    resources=[self.function.called.function_arn],
                ),
                memory.data_key.use("dynamodb", "s3"),
            ],
        )  # fmt: skip
        self._may_export(ledger)
        self._may_map()
        tell(
            self,
            RehearsalStateMachine=self.workflow.machine.state_machine_arn,
        )

    def _may_export(self, ledger: str) -> None:
        """Let the workflow export one table, into one place."""
        role = self.workflow.role
        exports = self.format_arn(
            service="dynamodb", resource="table",
            resource_name=f"{named(self._settings, _LEDGER)}/export/*",
        )  # fmt: skip
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=["dynamodb:ExportTableToPointInTime"], resources=[ledger])
        )
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=["dynamodb:DescribeExport"], resources=[exports])
        )
        acknowledge_many(role, exports, "exports are many; they are of this table")
        self._memory.archive.allow(role, _EXPORTS_TO, [EXPORTS])

    def _may_map(self) -> None:
        """Let the workflow start its own child executions, and write down how they ended.

        https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
        """
        role, name = self.workflow.role, named(self._settings, _NAME)
        children = [self._states("execution", f"{one}:*") for one in (name, f"{name}/{FILES}")]
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["states:StartExecution"], resources=[self._states("stateMachine", name)]
            )
        )
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["states:DescribeExecution", "states:StopExecution"], resources=children
            )
        )
        for arn in children:
            acknowledge_many(role, arn, "runs are many; they are of this workflow")
        self._memory.archive.allow(role, _MAP_WRITES, [REHEARSALS])

    def _states(self, kind: str, name: str) -> str:
        return self.format_arn(
            service="states", resource=kind, resource_name=name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )  # fmt: skip
