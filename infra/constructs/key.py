"""A customer-managed key, and who may use it through which service."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.names import named
from infra.settings import Settings

_EVENTS = "events.amazonaws.com"
_USE = (
    "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey",
    "kms:ReEncryptFrom", "kms:ReEncryptTo",
)  # fmt: skip


class Key(Construct):
    """A rotating key, and the AWS services that may use it to deliver for us."""

    def __init__(
        self, scope: Construct, name: str, settings: Settings, services: Sequence[str] = ()
    ) -> None:
        super().__init__(scope, name)
        self.key = kms.Key(
            self, "Key",
            alias=f"alias/{named(settings, name)}",
            description=f"{named(settings, name)}: what the Marketing Operating System stores",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN if settings.keep_data else RemovalPolicy.DESTROY,
        )  # fmt: skip
        ours = {"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
        for service in services:
            self.key.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal(service)],
                    actions=["kms:Decrypt", "kms:GenerateDataKey"],
                    resources=["*"],
                    # EventBridge does not say for whom it calls: it would lose what failed. Which
                    # rules may send to a queue is in the queue's own policy.
                    conditions={} if service == _EVENTS else ours,
                )
            )

    def use(self, *services: str) -> iam.PolicyStatement:
        """Return the right to use the key, only through these AWS services."""
        stack = Stack.of(self)
        via = [f"{service}.{stack.region}.amazonaws.com" for service in services]
        return iam.PolicyStatement(
            actions=list(_USE),
            resources=[self.key.key_arn],
            conditions={"StringEquals": {"kms:ViaService": via}},
        )

    def read(self, service: str) -> iam.PolicyStatement:
        """Return the right to decrypt, only through this AWS service."""
        return iam.PolicyStatement(
            actions=["kms:Decrypt"],
            resources=[self.key.key_arn],
            conditions={
                "StringEquals": {
                    "kms:ViaService": f"{service}.{Stack.of(self).region}.amazonaws.com"
                }
            },
        )
