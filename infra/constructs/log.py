"""A log that forgets."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.settings import Settings

_RETENTION = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}


class Log(Construct):
    """The log group `/<vendor>/mos/<stage>/<name>`, kept as long as the settings say."""

    def __init__(self, scope: Construct, name: str, settings: Settings, vendor: str = "") -> None:
        super().__init__(scope, "Log")
        self.group = logs.LogGroup(
            self, "Group",
            log_group_name=f"{vendor}/mos/{settings.stage}/{name}",
            retention=_RETENTION[settings.log_days],
            removal_policy=RemovalPolicy.DESTROY,
        )  # fmt: skip
