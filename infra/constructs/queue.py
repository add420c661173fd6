"""An encrypted queue that only takes TLS."""

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.names import named
from infra.settings import Settings

TRIES = 5


class Queue(Construct):
    """A queue that keeps messages for two weeks, with a dead-letter queue if it has a consumer."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        settings: Settings,
        key: kms.IKey,
        *,
        visibility: Duration | None = None,
        dead: "Queue | None" = None,
    ) -> None:
        super().__init__(scope, name)
        self.name = name
        self.queue: sqs.Queue = sqs.Queue(
            self, "Queue",
            queue_name=named(settings, name),
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            data_key_reuse=Duration.minutes(30),
            enforce_ssl=True,
            retention_period=Duration.days(14),
            visibility_timeout=visibility,
            dead_letter_queue=(
                sqs.DeadLetterQueue(queue=dead.queue, max_receive_count=TRIES) if dead else None
            ),
        )  # fmt: skip

    def sending(self) -> iam.PolicyStatement:
        """Return the right to send, and no other."""
        return iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[self.queue.queue_arn])
