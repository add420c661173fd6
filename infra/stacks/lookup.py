"""Look-ups: a queue of questions, a function that asks, and a queue of answers to the doors."""

from collections.abc import Mapping

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.acknowledged import acknowledge_many
from infra.constructs.function import Function
from infra.constructs.lane import Lane, read_queue
from infra.constructs.queue import Queue
from infra.constructs.size import size_of
from infra.providers import wire_systems
from infra.settings import Settings
from infra.stacks.memory import Memory
from infra.stacks.wiring import wire_queue

_QUESTIONS, _ANSWERS, _AT_ONCE = 100, 10, 2
_WAIT_SECONDS = 5


def make_lookup_queues(
    scope: Construct, settings: Settings, key: kms.IKey, dead: Queue
) -> dict[str, Queue]:
    """Return the queues of questions and of answers. What fails five times goes to `dead`."""

    def make(name: str, consumer: str) -> Queue:
        patience = Duration.seconds(6 * size_of(consumer).seconds)
        return Queue(scope, name, settings, key, visibility=patience, dead=dead)

    return {"lookups": make("lookups", "lookup"), "answers": make("answers", "webhook")}


def wire_lookup(
    function: Function, queues: Mapping[str, Queue], memory: Memory, settings: Settings
) -> None:
    """Let the function take questions, ask, and send what was answered.

    At most two run at once: other systems count calls by the second.
    """
    questions = queues["lookups"].queue
    lane = Lane(_QUESTIONS, _WAIT_SECONDS, most=_AT_ONCE)
    read_queue(function, queues["lookups"], settings, lane)
    function.tell(MOS_QUEUE_LOOKUPS=questions.queue_url)
    function.allow(
        iam.PolicyStatement(
            actions=["sqs:ChangeMessageVisibility"], resources=[questions.queue_arn]
        )
    )
    for name in ("answers", "parked"):
        wire_queue(function, queues[name], memory)
    wire_systems(function, settings)
    for bucket in settings.reply_buckets:
        mails = f"arn:{Aws.PARTITION}:s3:::{bucket}/*"
        acknowledge_many(function, mails, "a bucket of mails that come in, which the stage names")
        function.allow(iam.PolicyStatement(actions=["s3:GetObject"], resources=[mails]))


def take_answers(webhook: Function, answers: Queue, settings: Settings) -> None:
    """Have what was answered read by the doors: the same reader as for the notices."""
    read_queue(webhook, answers, settings, Lane(_ANSWERS, small=True))
