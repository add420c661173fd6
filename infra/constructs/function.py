"""One layer's Lambda function, its role and its log."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.assemble.bundle import Bundle
from infra.constructs.log import Log
from infra.constructs.queue import Queue
from infra.constructs.shift import LIVE, Shift
from infra.constructs.size import size_of
from infra.names import metrics_namespace, named
from infra.settings import Settings
from mos.path import Hop

_RUNTIMES = {"lambda": lambda_.Runtime.PYTHON_3_13, "local": lambda_.Runtime.PYTHON_3_11}
_ARCHITECTURES = {
    "arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64,
}  # fmt: skip


class Function(Construct):
    """A function that starts with no rights but to write its own log and trace."""

    def __init__(self, scope: Construct, hop: Hop, settings: Settings, bundle: Bundle) -> None:
        super().__init__(scope, hop.layer)
        self.hop = hop
        name, size = named(settings, hop.layer), size_of(hop.layer)
        self.log = Log(self, hop.layer, settings).group
        self.role = iam.Role(
            self, "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"{hop.verb}: the {hop.layer} layer",
        )  # fmt: skip
        self.allow(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[self.log.log_group_arn],
            )
        )
        self.function = lambda_.Function(
            self, "Function",
            function_name=name,
            description=f"MOS: {hop.verb}",
            handler=f"{hop.module}.handler",
            code=lambda_.Code.from_asset(str(bundle.folder)),
            runtime=_RUNTIMES[settings.target],
            architecture=_ARCHITECTURES[settings.architecture],
            memory_size=size.memory,
            timeout=Duration.seconds(size.seconds),
            role=self.role,
            log_group=self.log,
            tracing=lambda_.Tracing.ACTIVE,
            reserved_concurrent_executions=settings.reserved_concurrency.get(hop.layer),
            current_version_options=lambda_.VersionOptions(removal_policy=RemovalPolicy.RETAIN),
        )  # fmt: skip
        self.called: lambda_.IFunction = self.function
        self.address = self.function.function_name
        """What others call: in AWS the version that is live, on the local engine the function."""
        self.tell(MOS_STAGE=settings.stage, MOS_LAYER=hop.layer)
        self.tell(POWERTOOLS_LOG_LEVEL=settings.log_level, POWERTOOLS_SERVICE_NAME=hop.layer)
        self.tell(POWERTOOLS_METRICS_NAMESPACE=metrics_namespace(settings))
        if bundle.libraries:
            self.tell(PYTHONPATH=str(bundle.libraries))
        if settings.target == "lambda":
            self.called = Shift(self, self.function, hop.layer, settings).alias
            self.address = self.called.function_arn

    def tell(self, **settings: str) -> None:
        """Give the function environment variables."""
        for name, value in settings.items():
            self.function.add_environment(name, value)

    def allow(self, *statements: iam.PolicyStatement) -> None:
        """Give the function rights."""
        for statement in statements:
            self.role.add_to_principal_policy(statement)

    def after_failure(self, queue: Queue) -> None:
        """Send what the function could not do, when invoked without waiting, to the queue."""
        config = lambda_.CfnEventInvokeConfig(
            self, "AfterFailure",
            function_name=self.function.function_name,
            qualifier="$LATEST" if self.called is self.function else LIVE,
            maximum_retry_attempts=2,
            destination_config=lambda_.CfnEventInvokeConfig.DestinationConfigProperty(
                on_failure=lambda_.CfnEventInvokeConfig.OnFailureProperty(
                    destination=queue.queue.queue_arn
                )
            ),
        )  # fmt: skip
        config.node.add_dependency(self.called)
        self.allow(queue.sending())
