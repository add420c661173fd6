"""The alarms of a deployment, and whom they wake."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.names import named
from infra.settings import Settings

MINUTES = Duration.minutes(5)
_MOST = 10
"""Metrics that one alarm can add up."""
_PAUSED = (
    "a channel has paused itself: `mos switches` says why, with the numbers. Find what its people "
    "have in common (`mos outbox`), stop that (`mos stop ACTION --why ...`) or mend what the "
    "provider says (`mos provider check ses`); `mos go CHANNEL` shows what would leave, "
    "`mos go CHANNEL --confirm` lets it leave, and counts anew"
)
_WARNED = (
    "bounces or complaints near the share at which a channel pauses itself: the log "
    "(deliverability) has the numbers, `mos outbox` what was sent, and the table "
    "contact/deliverability the limits"
)


class Alarms(Construct):
    """A topic, and one method that raises an alarm on it."""

    def __init__(self, scope: Construct, settings: Settings, key: kms.IKey) -> None:
        super().__init__(scope, "Alarms")
        self._settings = settings
        self.all: list[cloudwatch.IAlarm] = []
        self.topic = sns.Topic(
            self, "Topic",
            topic_name=named(settings, "alarms"), master_key=key, enforce_ssl=True,
        )  # fmt: skip
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsMaySpeak",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
            )
        )
        if settings.alarm_email:
            self.topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_email))

    def tell_reputation(self, paused: cloudwatch.IMetric, warned: cloudwatch.IMetric) -> None:
        """Raise alarms on a channel that has paused itself, for as long, and on one that nears it.

        Both say what to call, and what to look for.
        """
        self.above("channel-paused", _PAUSED, paused)
        self.above("deliverability-warned", _WARNED, warned)

    def above(
        self, name: str, why: str, metric: cloudwatch.IMetric, limit: float = 0, *, times: int = 1
    ) -> None:
        """Raise an alarm when the metric has been above the limit `times` times on end.

        It says so again when that is over.
        """
        alarm = cloudwatch.Alarm(
            self, name,
            alarm_name=named(self._settings, name),
            alarm_description=why,
            metric=metric,
            threshold=limit,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=times,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )  # fmt: skip
        alarm.add_alarm_action(actions.SnsAction(self.topic))
        alarm.add_ok_action(actions.SnsAction(self.topic))
        self.all.append(alarm)

    def any_above(self, name: str, why: str, metrics: Sequence[cloudwatch.IMetric]) -> None:
        """Raise an alarm as soon as one of many metrics is above nothing: one alarm for ten."""
        for first in range(0, len(metrics), _MOST):
            some = {f"m{n}": metric for n, metric in enumerate(metrics[first : first + _MOST])}
            total = cloudwatch.MathExpression(
                expression="SUM(METRICS())", using_metrics=some, period=MINUTES, label=name
            )
            self.above(f"{name}-{first // _MOST + 1}" if first else name, why, total)
