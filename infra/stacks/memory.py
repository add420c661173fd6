"""What is kept: the keys, one table per name in the path, the buckets."""

from aws_cdk import Duration, Environment, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.bucket import Bucket
from infra.constructs.key import Key
from infra.constructs.signing import Signing
from infra.constructs.table import Table
from infra.names import named
from infra.outputs import tell
from infra.settings import Settings
from mos.path import TABLES

# They deliver into encrypted queues and topics on our behalf.
_DELIVERERS = ("events.amazonaws.com", "scheduler.amazonaws.com", "cloudwatch.amazonaws.com")


class Memory(Stack):
    """State and nothing that runs, so that the rest can be replaced at will."""

    def __init__(self, scope: Construct, settings: Settings, *, where: Environment) -> None:
        super().__init__(
            scope, named(settings, "memory"),
            termination_protection=settings.keep_data, env=where,
        )  # fmt: skip
        self.data_key = Key(self, "data", settings, services=_DELIVERERS)
        self.secrets_key = Key(self, "secrets", settings)
        key = self.data_key.key
        self.tables = {name: Table(self, name, settings, key) for name in TABLES}
        self.signals = Bucket(
            self, "signal-bodies", settings, key,
            rules=[
                s3.LifecycleRule(prefix="raw/", expiration=Duration.days(settings.raw_days)),
                s3.LifecycleRule(prefix="claims/", expiration=Duration.days(settings.raw_days)),
            ],
        )  # fmt: skip
        self.bundles = Bucket(self, "bundles", settings, key)
        self.archive = Bucket(
            self, "archive", settings, key,
            rules=[s3.LifecycleRule(expiration=Duration.days(settings.rehearsal_days))],
        )  # fmt: skip
        self.signing: Signing | None = None
        if settings.target == "lambda":
            # The local engine does not know the condition keys and would refuse every put.
            self.bundles.write_once("bundles/")
            self.signing = Signing(self, settings)
            self.signing.may_store(self.bundles, self.data_key)
        tell(
            self,
            Stage=settings.stage,
            Region=self.region,
            BucketSignals=self.signals.bucket.bucket_name,
            BucketBundles=self.bundles.bucket.bucket_name,
            BucketArchive=self.archive.bucket.bucket_name,
            SecretsKey=self.secrets_key.key.key_arn,
            **{f"Table{name.capitalize()}": t.table.table_name for name, t in self.tables.items()},
        )
