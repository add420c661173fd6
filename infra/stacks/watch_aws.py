"""What AWS itself may fail at on our behalf: rules, schedules, doors, mail's standing, the bill."""

from collections.abc import Sequence
from types import MappingProxyType

from aws_cdk import Annotations, Stack
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events

from infra.constructs.alarms import MINUTES, Alarms
from infra.constructs.api import Api
from infra.names import named
from infra.settings import Settings

_LOST = MappingProxyType({
    "FailedInvocations": (
        "EventBridge could not call a target of a rule for good: what it brought is in undelivered"
    ),
    "InvocationsFailedToBeSentToDLQ": (
        "EventBridge could not even keep what it could not deliver: may it use the data key?"
    ),
})  # fmt: skip
_SHARE, _FEW = 50, 100
_BOUNCES, _COMPLAINTS = 0.05, 0.001
"""Where SES reviews an account: https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-bounce-rate.html"""


def watch_aws(scope: Stack, alarms: Alarms, settings: Settings, doors: Sequence[Api]) -> None:
    """Raise alarms on what never reaches a function of ours, and say whom they reach."""
    _watch_rules(scope, alarms)
    _watch_schedules(alarms, settings)
    for door in doors:
        _watch_door(alarms, door)
    if settings.mail_from:
        _watch_mail(alarms)
    if settings.monthly_budget_usd:
        _limit_bill(scope, settings)
    if not settings.alarm_email:
        said = f"alarm_email is not set: {len(alarms.all)} alarms reach nobody"
        Annotations.of(scope).add_warning_v2("mos:alarm-email", said)


def _watch_rules(scope: Stack, alarms: Alarms) -> None:
    rules = [c for c in scope.node.root.node.find_all() if isinstance(c, events.Rule)]
    ordered = sorted(rules, key=lambda rule: rule.node.path)
    for metric, why in _LOST.items():
        found = [_of_rule(rule, metric) for rule in ordered]
        alarms.any_above(f"rules-{metric.lower()}", why, found)


def _of_rule(rule: events.Rule, name: str) -> cloudwatch.Metric:
    made = rule.node.default_child
    assert isinstance(made, events.CfnRule)  # noqa: S101  for the type checker
    bus = {"EventBusName": made.event_bus_name} if made.event_bus_name else {}
    return cloudwatch.Metric(
        namespace="AWS/Events", metric_name=name, period=MINUTES, statistic="sum",
        dimensions_map={"RuleName": rule.rule_name, **bus},
    )  # fmt: skip


def _watch_schedules(alarms: Alarms, settings: Settings) -> None:
    names = ("InvocationDroppedCount", "TargetErrorCount",
             "InvocationsFailedToBeSentToDeadLetterCount")  # fmt: skip
    group = {"ScheduleGroup": named(settings, "timers")}
    alarms.any_above(
        "timers-dropped",
        "the Scheduler dropped a timer or could not send it: a promise or a wait may end late",
        [
            cloudwatch.Metric(
                namespace="AWS/Scheduler", metric_name=name, dimensions_map=group,
                period=MINUTES, statistic="sum",
            )
            for name in names
        ],
    )  # fmt: skip


def _watch_door(alarms: Alarms, door: Api) -> None:
    alarms.above(
        f"{door.name}-5xx", f"the door {door.name} answered 5xx for ten minutes",
        door.api.metric_server_error(period=MINUTES), times=2,
    )  # fmt: skip
    refused = cloudwatch.MathExpression(
        expression=f"IF(calls >= {_FEW}, 100 * refused / calls, 0)",
        using_metrics={
            "refused": door.api.metric_client_error(period=MINUTES),
            "calls": door.api.metric_count(period=MINUTES),
        },
        period=MINUTES,
        label=f"{door.name} refused, %",
    )
    alarms.above(
        f"{door.name}-refuses", f"the door {door.name} refused over {_SHARE} % of {_FEW} requests "
        "or more for a quarter hour: a secret that was rotated, a sender that changed, or more "
        "than requests_per_second (429)",
        refused, _SHARE, times=3,
    )  # fmt: skip


def _watch_mail(alarms: Alarms) -> None:
    for name, limit, word in (
        ("Reputation.BounceRate", _BOUNCES, "bounces"),
        ("Reputation.ComplaintRate", _COMPLAINTS, "complaints"),
    ):
        metric = cloudwatch.Metric(
            namespace="AWS/SES", metric_name=name, period=MINUTES, statistic="max"
        )
        alarms.above(
            f"mail-{word}", f"SES counts {word} for the whole account as high as where it reviews "
            "accounts: `mos switches`, `mos provider check ses`",
            metric, limit,
        )  # fmt: skip


def _limit_bill(scope: Stack, settings: Settings) -> None:
    """Have AWS write when the account's month nears what was set, and when it will pass it."""
    assert settings.monthly_budget_usd is not None  # noqa: S101  the caller's condition
    assert settings.alarm_email is not None  # noqa: S101  the settings hold to it
    whom = budgets.CfnBudget.SubscriberProperty(
        address=settings.alarm_email, subscription_type="EMAIL"
    )
    budgets.CfnBudget(
        scope, "Budget",
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_name=named(settings, "month"),
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budgets.CfnBudget.SpendProperty(
                amount=settings.monthly_budget_usd, unit="USD"
            ),
        ),
        notifications_with_subscribers=[
            budgets.CfnBudget.NotificationWithSubscribersProperty(
                notification=budgets.CfnBudget.NotificationProperty(
                    comparison_operator="GREATER_THAN", notification_type=kind,
                    threshold=share, threshold_type="PERCENTAGE",
                ),
                subscribers=[whom],
            )
            for kind, share in (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))
        ],
    )  # fmt: skip
