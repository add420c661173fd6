"""One layer's table."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.names import named
from infra.settings import Settings

_READ = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query")
_WRITE = ("dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem")


class Table(Construct):
    """A table keyed by `pk` and `sk`. Nothing deletes from it but time, and who must erase."""

    def __init__(self, scope: Construct, name: str, settings: Settings, key: kms.IKey) -> None:
        super().__init__(scope, name)
        self.name = name
        self.table = dynamodb.Table(
            self, "Table",
            table_name=named(settings, name),
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            time_to_live_attribute="expires_at",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=settings.keep_data,
            removal_policy=RemovalPolicy.RETAIN if settings.keep_data else RemovalPolicy.DESTROY,
        )  # fmt: skip

    def owning(self) -> iam.PolicyStatement:
        """Return what the table's one writer may do: no scan, no delete."""
        return iam.PolicyStatement(actions=[*_READ, *_WRITE], resources=[self.table.table_arn])

    def paging(self) -> iam.PolicyStatement:
        """Return the right to read the table from end to end."""
        return iam.PolicyStatement(actions=["dynamodb:Scan"], resources=[self.table.table_arn])

    def erasing(self) -> iam.PolicyStatement:
        """Return the right to delete items, for the table's writer."""
        return iam.PolicyStatement(
            actions=["dynamodb:DeleteItem"], resources=[self.table.table_arn]
        )

    def reading(self) -> iam.PolicyStatement:
        """Return what a reader may do."""
        return iam.PolicyStatement(actions=list(_READ), resources=[self.table.table_arn])

    def glimpsing(self, prefix: str) -> iam.PolicyStatement:
        """Return the right to read the partitions whose key begins so, and no others."""
        return iam.PolicyStatement(
            actions=list(_READ),
            resources=[self.table.table_arn],
            conditions={"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{prefix}*"]}},
        )
