"""A private, versioned, encrypted bucket."""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledged import acknowledge_many
from infra.names import named
from infra.settings import Settings


class Bucket(Construct):
    """A bucket whose old versions go after a month."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        settings: Settings,
        key: kms.IKey,
        rules: Sequence[s3.LifecycleRule] = (),
    ) -> None:
        super().__init__(scope, name)
        stack = Stack.of(self)
        # Bucket names are global: the account and the region make this one ours.
        self.name = f"{named(settings, name)}-{stack.account}-{stack.region}"
        self.bucket = s3.Bucket(
            self, "Bucket",
            bucket_name=self.name,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            bucket_key_enabled=True,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                    noncurrent_version_expiration=Duration.days(30),
                ),
                *rules,
            ],
            removal_policy=RemovalPolicy.RETAIN if settings.keep_data else RemovalPolicy.DESTROY,
            # A bucket that holds anything cannot be destroyed. The local engine forgets it anyway.
            auto_delete_objects=not settings.keep_data and settings.target == "lambda",
        )  # fmt: skip

    def allow(self, role: iam.Role, actions: Sequence[str], prefixes: Sequence[str]) -> None:
        """Give the role rights to the objects under the prefixes.

        Listing comes along, because without it S3 answers 403 instead of 404 for an object that
        does not exist.
        """
        bucket = f"arn:{Stack.of(role).partition}:s3:::{self.name}"
        objects = [f"{bucket}/{prefix}*" for prefix in prefixes]
        role.add_to_principal_policy(iam.PolicyStatement(actions=list(actions), resources=objects))
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=["s3:ListBucket"], resources=[bucket])
        )
        for arn in objects:
            acknowledge_many(role, arn, "objects are many; the prefix says which")

    def write_once(self, prefix: str) -> None:
        """Refuse every put under the prefix that could replace what is there."""
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:PutObject"],
                resources=[self.bucket.arn_for_objects(f"{prefix}*")],
                conditions={
                    "Null": {"s3:if-none-match": "true"},
                    "Bool": {"s3:ObjectCreationOperation": "true"},
                },
            )
        )
