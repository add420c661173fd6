"""How a function's next version takes over: a share of the calls first, and back if it fails."""

from aws_cdk import ArnFormat, CfnCodeDeployLambdaAliasUpdate, CfnUpdatePolicy, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.names import named
from infra.settings import Settings

LIVE = "live"
"""The alias under which everything of a stage in AWS is called."""
_SHARE = 20
_MINUTE = Duration.minutes(1)


class Deployments(Construct):
    """A stack's CodeDeploy application, and the role that may move its functions' aliases only."""

    def __init__(self, stack: Stack, settings: Settings) -> None:
        super().__init__(stack, "Deployments")
        self.application = codedeploy.CfnApplication(
            self, "Application", application_name=stack.stack_name, compute_platform="Lambda"
        )
        self.role = iam.Role(
            self, "Mover",
            assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"),
            description="CodeDeploy: moves calls from a function's version to the next",
        )  # fmt: skip
        minutes = settings.shift_minutes
        how = f"Canary10Percent{minutes}Minutes" if minutes else "AllAtOnce"
        self.configuration = f"CodeDeployDefault.Lambda{how}"

    def let(self, function: str, alarm: str) -> None:
        """Let CodeDeploy move the function's alias, and look at the alarm.

        Both by their names: a function's rights name aliases that wait for this role.
        """
        arn = Stack.of(self).format_arn
        moved, seen = (
            arn(service=service, resource=kind, resource_name=name,
                arn_format=ArnFormat.COLON_RESOURCE_NAME)
            for service, kind, name in (
                ("lambda", "function", function), ("cloudwatch", "alarm", alarm)
            )
        )  # fmt: skip
        for actions, on in (
            (["lambda:GetAlias", "lambda:UpdateAlias"], [moved, f"{moved}:{LIVE}"]),
            (["cloudwatch:DescribeAlarms"], [seen]),
        ):
            self.role.add_to_policy(iam.PolicyStatement(actions=actions, resources=on))

    @staticmethod
    def of(scope: Construct, settings: Settings) -> "Deployments":
        """Return those of the construct's stack, made on first use."""
        stack = Stack.of(scope)
        found = stack.node.try_find_child("Deployments")
        return found if isinstance(found, Deployments) else Deployments(stack, settings)


class Shift(Construct):
    """A function's alias, which CodeDeploy moves to the next version, or back on its alarm."""

    def __init__(
        self, scope: Construct, function: lambda_.Function, layer: str, settings: Settings
    ) -> None:
        super().__init__(scope, "Shift")
        self._names = named(settings, layer), named(settings, f"{layer}-shift")
        version = function.current_version
        self.alias = lambda_.Alias(self, "Live", alias_name=LIVE, version=version)
        self.alarm = cloudwatch.Alarm(
            self, "Alarm",
            alarm_name=self._names[1],
            alarm_description=f"over {_SHARE} % of the calls of the {layer} function's newest "
            "version raise: while it takes over, CodeDeploy goes back to the one before",
            metric=_failing(function, version),
            threshold=_SHARE,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )  # fmt: skip
        self._let(Deployments.of(self, settings))

    def _let(self, by: Deployments) -> None:
        """Have CodeDeploy move the alias, and give it the rights to this one."""
        by.let(*self._names)
        group = codedeploy.CfnDeploymentGroup(
            self, "Group",
            application_name=by.application.ref,
            service_role_arn=by.role.role_arn,
            deployment_config_name=by.configuration,
            deployment_style=codedeploy.CfnDeploymentGroup.DeploymentStyleProperty(
                deployment_type="BLUE_GREEN", deployment_option="WITH_TRAFFIC_CONTROL"
            ),
            alarm_configuration=codedeploy.CfnDeploymentGroup.AlarmConfigurationProperty(
                enabled=True,
                alarms=[codedeploy.CfnDeploymentGroup.AlarmProperty(name=self.alarm.alarm_name)],
            ),
            auto_rollback_configuration=codedeploy.CfnDeploymentGroup.AutoRollbackConfigurationProperty(
                enabled=True,
                events=["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
            ),
        )  # fmt: skip
        moved = self.alias.node.default_child
        assert isinstance(moved, lambda_.CfnAlias)  # noqa: S101  what an Alias is made of
        moved.cfn_options.update_policy = CfnUpdatePolicy(
            code_deploy_lambda_alias_update=CfnCodeDeployLambdaAliasUpdate(
                application_name=by.application.ref, deployment_group_name=group.ref
            )
        )
        # CodeDeploy has its rights before it is asked to move anything.
        moved.node.add_dependency(by.role)


def _failing(function: lambda_.Function, version: lambda_.IVersion) -> cloudwatch.MathExpression:
    """Return the share of the version's calls under the alias that raise, in %."""
    errors, calls = (
        cloudwatch.Metric(
            namespace="AWS/Lambda",
            metric_name=name,
            dimensions_map={
                "FunctionName": function.function_name,
                "Resource": f"{function.function_name}:{LIVE}",
                "ExecutedVersion": version.version,
            },
            statistic="Sum",
            period=_MINUTE,
        )
        for name in ("Errors", "Invocations")
    )
    return cloudwatch.MathExpression(
        expression="100 * errors / MAX([errors, calls])",
        using_metrics={"errors": errors, "calls": calls},
        period=_MINUTE,
        label="errors, %",
    )
