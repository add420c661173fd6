"""A Step Functions workflow with its role, log and trace."""

import json
from collections.abc import Mapping, Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.constructs.live_workflow import LiveWorkflow
from infra.constructs.log import Log
from infra.constructs.states import State
from infra.names import named
from infra.settings import Settings


class Workflow(Construct):
    """A state machine that can do only what its statements allow."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        settings: Settings,
        states: State,
        *,
        kind: sfn.StateMachineType,
        fill_in: Mapping[str, str],
        rights: Sequence[iam.PolicyStatement],
        shifts: bool = True,
    ) -> None:
        super().__init__(scope, name)
        self.role = iam.Role(
            self, "Role",
            assumed_by=iam.ServicePrincipal("states.amazonaws.com"),
            description=f"The {name} workflow",
        )  # fmt: skip
        for statement in rights:
            self.role.add_to_principal_policy(statement)
        self.machine = sfn.StateMachine(
            self, "Machine",
            state_machine_name=named(settings, name),
            state_machine_type=kind,
            definition_body=sfn.DefinitionBody.from_string(json.dumps(states)),
            definition_substitutions=dict(fill_in),
            role=self.role,
            tracing_enabled=True,
            logs=sfn.LogOptions(
                # CloudWatch refuses other names once many services write to one account.
                destination=Log(self, name, settings, vendor="/aws/vendedlogs/states").group,
                level=sfn.LogLevel.ALL,
                include_execution_data=False,
            ),
            removal_policy=RemovalPolicy.DESTROY,
        )  # fmt: skip
        self.called = self.machine.state_machine_arn
        """What is started: in AWS the version that is live, on the local engine the machine."""
        if settings.target == "lambda" and shifts:
            self.called = LiveWorkflow(self, self.machine, named(settings, name), settings).arn
